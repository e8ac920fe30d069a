/** Where we are: the private AsyncLocalStorage and what it carries. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, trace, TraceFlags, type Context, type Link, type SpanContext } from '@opentelemetry/api';
import { CLOCK_VARIABLE, clockText, shiftOf } from '../config/run-clock.ts';
import type { OuterContext } from './app-sdk.ts';
import { isBelow } from './below.ts';
import type { Frame } from './types.ts';

/** As many as the SDK keeps by default. */
const MAX_LINKS = 128;
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})/;

export class Frames {
  readonly #storage = new AsyncLocalStorage<Frame | undefined>();
  /** The span that this process was started under. */
  readonly inherited: Frame | undefined;
  /** Known once there is an assembly. */
  outer: OuterContext | undefined;

  #followed: readonly (() => Frame | undefined)[] = [];

  constructor(inherited: Frame | undefined) {
    this.inherited = inherited;
  }

  /** See `Recorder.followContext`. */
  follow(read: () => Frame | undefined): void {
    this.#followed = [...this.#followed, read];
  }

  current(): Frame | undefined {
    const own = this.#deepest(this.#storage.getStore() ?? this.inherited);
    const outer = this.outer?.active();
    return outer === undefined ? own : inside(outer, own);
  }

  within<T>(frame: Frame, fn: () => T): T {
    return this.#run(frame, () => {
      const enter = this.outer?.enter(frame.context);
      return enter === undefined ? fn() : enter(fn);
    });
  }

  /** Runs `fn` where we were when `current` gave `frame`. The app's own context stays as it is. */
  resume<T>(frame: Frame | undefined, fn: () => T): T {
    return this.#run(frame, fn);
  }

  /** Where a library says that we are, if that lies below where we are by our own count. */
  #deepest(own: Frame | undefined): Frame | undefined {
    let deepest = own;
    for (const read of this.#followed) {
      const frame = read();
      if (frame !== undefined && (deepest === undefined || isBelow(frame, deepest))) deepest = frame;
    }
    return deepest;
  }

  /** Runs `fn` exactly once, also when the storage itself fails. */
  #run<T>(frame: Frame | undefined, fn: () => T): T {
    let isCalled = false;
    try {
      return this.#storage.run(frame, () => {
        isCalled = true;
        return fn();
      });
    } catch (error) {
      if (isCalled) throw error;
      return fn();
    }
  }
}

/** The app's own span, inside our frame or around all of ours, becomes the parent; the task stays that of our frame. */
function inside(outer: Context, own: Frame | undefined): Frame | undefined {
  const span = trace.getSpan(outer);
  if (span === undefined || (own !== undefined && trace.getSpan(own.context) === span)) return own;
  return { ...(own ?? bareFrame(outer, undefined)), context: outer, parent: own };
}

/** The frame that this process was started under: its clock came with it. */
export function inheritedFrame(traceparent: string | undefined, tracestate: string | undefined): Frame | undefined {
  const frame = traceparent === undefined ? undefined : frameOfTraceparent(traceparent, tracestate);
  return frame && { ...frame, shiftMs: 0 };
}

/** A frame below a span of another process. undefined when the text is no W3C traceparent. */
export function frameOfTraceparent(traceparent: string, tracestate?: string): Frame | undefined {
  const match = TRACEPARENT.exec(traceparent.trim().toLowerCase());
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return undefined;
  if (/^0+$/.test(match[1]) || /^0+$/.test(match[2])) return undefined;
  const spanContext: SpanContext = {
    traceId: match[1],
    spanId: match[2],
    traceFlags: Number.parseInt(match[3], 16) & TraceFlags.SAMPLED,
    isRemote: true,
  };
  return bareFrame(trace.setSpanContext(ROOT_CONTEXT, spanContext), tracestate);
}

function bareFrame(context: Context, tracestate: string | undefined): Frame {
  return { context, parent: undefined, task: undefined, batch: undefined, agent: undefined, runId: undefined, tracestate };
}

/** Links to the spans of these traceparents; what is none is left out, and more than a few are. */
export function linksTo(traceparents: readonly string[] | undefined): Link[] {
  return (traceparents ?? []).slice(0, MAX_LINKS).flatMap((text) => {
    const context = typeof text === 'string' ? trace.getSpanContext(frameOfTraceparent(text)?.context ?? ROOT_CONTEXT) : undefined;
    return context === undefined ? [] : [{ context }];
  });
}

/** A frame below the span that {@link carrierOf} told of, in another thread or process. */
export function frameOfCarrier(carrier: Readonly<Record<string, unknown>>): Frame | undefined {
  const textOf = (name: string): string | undefined => (typeof carrier[name] === 'string' ? carrier[name] : undefined);
  const frame = frameOfTraceparent(textOf('TRACEPARENT') ?? '', textOf('TRACESTATE'));
  return frame && { ...frame, shiftMs: shiftOf(textOf(CLOCK_VARIABLE)) };
}

/** `TRACEPARENT` and `TRACESTATE` of a frame (OTel "Environment Variables as Context Propagation Carriers"), its clock. */
export function carrierOf(frame: Frame | undefined): Record<string, string> {
  const span = frame === undefined ? undefined : trace.getSpanContext(frame.context);
  if (frame === undefined || span === undefined) return {};
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  const carrier: Record<string, string> = {
    TRACEPARENT: `00-${span.traceId}-${span.spanId}-${flags}`,
    [CLOCK_VARIABLE]: clockText(frame.shiftMs),
  };
  const state = frame.tracestate ?? span.traceState?.serialize();
  if (state !== undefined && state !== '') carrier['TRACESTATE'] = state;
  return carrier;
}
