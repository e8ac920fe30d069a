/** The Span interface of `@opentelemetry/api` over one of our activities, for libraries. Nothing here throws. */
import {
  SpanStatusCode,
  type Link,
  type Span,
  type SpanAttributes,
  type SpanContext,
  type SpanStatus,
  type TimeInput,
} from '@opentelemetry/api';
import { ATTR_EXCEPTION_MESSAGE, ATTR_EXCEPTION_STACKTRACE, ATTR_EXCEPTION_TYPE } from '../semconv/index.ts';
import { onRunClock, runClock } from '../config/run-clock.ts';
import type { LibraryMask } from './library-mask.ts';
import type { NativeCall } from './native-call.ts';
import type { OpenActivity } from './open-activity.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';

/** The name that the SDK specification gives to a recorded exception. */
const EXCEPTION_EVENT = 'exception';

export interface RecordedSpanOptions {
  readonly activity: OpenActivity;
  readonly mask: LibraryMask;
  readonly native: NativeCall | undefined;
  readonly onFault: (error: unknown) => void;
}

export class RecordedSpan implements Span {
  readonly #options: RecordedSpanOptions;
  #isEnded = false;

  constructor(options: RecordedSpanOptions) {
    this.#options = options;
  }

  spanContext(): SpanContext {
    return this.#options.activity.span.spanContext();
  }

  isRecording(): boolean {
    return !this.#isEnded && this.#options.activity.span.isRecording();
  }

  setAttribute(key: string, value: unknown): this {
    return this.setAttributes({ [key]: value });
  }

  setAttributes(attributes: SpanAttributes): this {
    return this.#change(({ activity, native }) => {
      activity.set((native?.written(attributes) ?? attributes) as Attributes);
    });
  }

  addEvent(name: string, attributesOrTime?: SpanAttributes | TimeInput, time?: TimeInput): this {
    return this.#change(({ activity, mask }) => {
      const isTime = typeof attributesOrTime === 'number' || attributesOrTime instanceof Date || Array.isArray(attributesOrTime);
      const attributes = isTime ? undefined : attributesOrTime;
      const at = epochMsOf(isTime ? attributesOrTime : time);
      activity.event(mask.name(String(name)), mask.attributes(attributes, false), at);
    });
  }

  addLink(link: Link): this {
    return this.addLinks([link]);
  }

  addLinks(links: Link[]): this {
    return this.#change(({ activity, mask }) => {
      for (const { context, attributes } of links) {
        activity.span.addLink({ context, attributes: mask.attributes(attributes, false) });
      }
    });
  }

  setStatus(status: SpanStatus): this {
    return this.#change(({ activity, mask }) => {
      const message = mask.text(status.message);
      activity.span.setStatus(message === undefined ? { code: status.code } : { code: status.code, message });
      if (status.code === SpanStatusCode.ERROR) this.#options.native?.failed();
    });
  }

  /** The name of an LLM call is ours in every case, so that all calls of a model are found under one. */
  updateName(name: string): this {
    return this.#change(({ activity, mask, native }) => {
      if (native === undefined) activity.rename(mask.name(String(name)));
    });
  }

  recordException(exception: unknown, time?: TimeInput): void {
    this.#change(({ activity, mask }) => {
      const error = (typeof exception === 'object' && exception !== null ? exception : { message: exception }) as Partial<Error> & {
        code?: unknown;
      };
      const facts = {
        [ATTR_EXCEPTION_TYPE]: textOf(error.code) ?? error.name,
        [ATTR_EXCEPTION_MESSAGE]: error.message,
        [ATTR_EXCEPTION_STACKTRACE]: error.stack,
      };
      activity.event(EXCEPTION_EVENT, mask.attributes(facts, false), epochMsOf(time));
    });
  }

  end(endTime?: TimeInput): void {
    this.#change(({ activity, native }) => {
      this.#isEnded = true;
      const end = { endTime: epochMsOf(endTime) };
      if (native === undefined) activity.end(end);
      else native.end(end);
    });
  }

  #change(work: (options: RecordedSpanOptions) => void): this {
    if (this.#isEnded) return this;
    try {
      work(this.#options);
    } catch (error) {
      this.#options.onFault(error);
    }
    return this;
  }
}

function textOf(code: unknown): string | undefined {
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
}

/** By the API: a Date, `[seconds, nanoseconds]`, milliseconds since the epoch, or what `performance.now()` said. */
export function epochMsOf(time: TimeInput | undefined): EpochMs | undefined {
  if (time instanceof Date) return onRunClock(time.getTime());
  if (Array.isArray(time)) return onRunClock(time[0] * 1000 + time[1] / 1e6);
  if (typeof time !== 'number') return undefined;
  return time < performance.timeOrigin ? runClock.origin() + time : onRunClock(time);
}
