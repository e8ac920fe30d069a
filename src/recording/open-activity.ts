/** One span being recorded: ends once, in every ending, whatever the reckoning at its end does. */
import { SpanStatusCode, type Span, type SpanContext } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '../semconv/index.ts';
import { boundedName, type Kept, type Mask } from './content.ts';
import type { EventRecord } from './event-record.ts';
import type { Activity, ActivityEnd, Frame } from './types.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';

/** Runs once, when the activity ends; may add attributes. `end.endTime` is known, `seconds` is the duration. */
export type OnEnd = (end: ActivityEnd & { endTime: EpochMs }, seconds: number) => Attributes | undefined;

export interface ActivityOptions {
  readonly span: Span;
  readonly frame: Frame;
  readonly startTime: EpochMs;
  readonly onEnd: OnEnd | undefined;
  /** The process ends: whoever knows more of the activity than that ends it now. */
  readonly onCut?: ((errorType: string) => void) | undefined;
  readonly now: () => EpochMs;
  readonly mask: Mask;
  /** Tells the same at the end. */
  readonly event?: EventRecord | undefined;
  /** Told of each change before its end. */
  readonly onChanged: ((span: Span) => void) | undefined;
  /** Told once, after the span has ended. */
  readonly onClosed: (activity: OpenActivity, endTime: EpochMs) => void;
  readonly onFault: (error: unknown) => void;
}

export class OpenActivity implements Activity {
  readonly frame: Frame;
  readonly startTime: EpochMs;
  readonly traceId: string;
  readonly spanId: string;
  readonly #options: ActivityOptions;
  readonly #keep: (name: string, value: Kept) => void;
  #isEnded = false;

  constructor(options: ActivityOptions) {
    const { traceId, spanId } = options.span.spanContext();
    this.traceId = traceId;
    this.spanId = spanId;
    this.frame = options.frame;
    this.startTime = options.startTime;
    this.#options = options;
    const { span } = options;
    this.#keep = (name, value) => void span.setAttribute(name, value);
  }

  /** For what attributes cannot say: events, links, a status with words. */
  get span(): Span {
    return this.#options.span;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  rename(name: string): void {
    if (this.#isEnded) return;
    this.#safely(() => this.#options.span.updateName(boundedName(name)));
    this.#tellChange();
  }

  /** An old SDK of the app's cannot add links to a span that has begun. */
  link(context: SpanContext): void {
    if (!this.#isEnded) this.#safely(() => (this.#options.span as Partial<Span>).addLink?.({ context }));
  }

  set(attributes: Attributes, more?: Attributes): void {
    if (this.#isEnded) return;
    this.#write(attributes);
    if (more !== undefined) this.#write(more);
    this.#tellChange();
  }

  end(result: ActivityEnd = {}): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { span, now, event, onEnd, onClosed } = this.#options;
    const endTime = latest(result.endTime, this.startTime) ?? Math.max(now(), this.startTime);
    const more = this.#safely(() => onEnd?.({ ...result, endTime }, (endTime - this.startTime) / 1000));
    // An attribute without a value is absent: it takes nothing away from what the reckoning found.
    if (more !== undefined) this.#write(more);
    if (result.attributes !== undefined) this.#write(result.attributes);
    if (result.errorType !== undefined) this.#write({ [ATTR_ERROR_TYPE]: result.errorType });
    if (result.errorType !== undefined) this.#safely(() => span.setStatus({ code: SpanStatusCode.ERROR }));
    if (event !== undefined) this.#safely(() => event.emit(span.spanContext(), this.#told(endTime)));
    this.#safely(() => span.end(this.#told(endTime)));
    this.#safely(() => onClosed(this, endTime));
  }

  /** Ends what is open when the process ends. */
  cut(errorType: string): void {
    if (this.#isEnded) return;
    this.#safely(() => this.#options.onCut?.(errorType));
    this.end({ errorType });
  }

  /** Something happened within it; without a time, now. */
  event(name: string, attributes: Attributes, time?: EpochMs): void {
    const at = this.#told(time ?? this.#options.now());
    this.#safely(() => this.#options.span.addEvent(name, attributes, at));
  }

  /** A time as the trace tells it. */
  #told(time: EpochMs): EpochMs {
    return time + (this.frame.shiftMs ?? 0);
  }

  #write(attributes: Attributes): void {
    const { mask, event } = this.#options;
    if (event !== undefined) this.#safely(() => event.add(attributes));
    try {
      mask(attributes, this.#keep);
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  #tellChange(): void {
    const { span, onChanged } = this.#options;
    if (onChanged !== undefined) this.#safely(() => onChanged(span));
  }

  #safely<T>(fn: () => T): T | undefined {
    try {
      return fn();
    } catch (error) {
      this.#options.onFault(error);
      return undefined;
    }
  }
}

/** undefined where no usable end was given. */
function latest(endTime: EpochMs | undefined, startTime: EpochMs): EpochMs | undefined {
  return endTime === undefined || !Number.isFinite(endTime) ? undefined : Math.max(endTime, startTime);
}
