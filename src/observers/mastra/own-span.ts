/** What Mastra is given as its span where the app gave it no Observability: an activity of ours, or nothing that is looked through. */
import { runBelow } from '../place.ts';
import type { ObserverContext } from '../observer.ts';
import type { OffSwitch } from '../off-switch.ts';
import { isLookedThrough, type MastraSpan, type Spans } from './spans.ts';

/** As Mastra describes a span that is to begin. */
export interface SpanOptions extends Omit<MastraSpan, 'id' | 'parentSpanId'> {
  /** Bits for the kinds of spans that are Mastra's inner works: an agent is made of workflows. */
  readonly tracingPolicy?: { readonly internal?: number | undefined } | undefined;
}

/** Mastra 0 has spans of OpenTelemetry besides, which are seen as they are: a call of a model hangs below those. */
export function isBefore1(options: object): boolean {
  return 'runtimeContext' in options;
}

export interface OwnSpans {
  readonly context: ObserverContext;
  readonly gate: OffSwitch;
  readonly spans: Spans;
}

interface EndOptions {
  readonly output?: unknown;
  readonly error?: unknown;
  readonly endSpan?: boolean;
}

let made = 0;

/**
 * Has the members of Mastra's `Span` that its code calls, and no ids: results, snapshots and scores carry those, and are to be what they
 * are without us.
 */
export class OwnSpan {
  /** Mastra hands out its own objects instead of proxies for tracing. */
  readonly __isNoOp = true;
  /** Scorers pass over a span that is not valid. */
  readonly isValid = true;
  readonly isInternal = false;
  readonly isRootSpan: boolean;
  readonly type: string;
  readonly parent: OwnSpan | undefined;
  readonly #own: OwnSpans;
  /** Of itself, or of the nearest around it that is not looked through. */
  readonly #id: string | undefined;
  readonly #isNamed: boolean;
  readonly #open: Set<OwnSpan> = new Set();

  constructor(own: OwnSpans, options: SpanOptions, parent?: OwnSpan) {
    this.#own = own;
    this.type = options.type;
    this.parent = parent;
    this.isRootSpan = parent === undefined;
    this.#isNamed = !isLookedThrough(options.type, options.tracingPolicy?.internal);
    const above = parent === undefined ? undefined : parent.#id;
    this.#id = this.#isNamed ? `own-${(made += 1)}` : above;
    if (parent !== undefined) parent.#open.add(this);
    if (!this.#isNamed || this.#id === undefined) return;
    const told: MastraSpan = { ...options, id: this.#id, parentSpanId: above };
    own.gate.safely(() => own.spans.start(told));
  }

  createChildSpan(options: SpanOptions): OwnSpan {
    return new OwnSpan(this.#own, options, this);
  }

  createEventSpan(options: SpanOptions): OwnSpan {
    return new OwnSpan(this.#own, { ...options, type: 'generic' }, this);
  }

  end(options?: EndOptions): void {
    if (this.parent !== undefined) this.parent.#open.delete(this);
    const id = this.#id;
    if (!this.#isNamed || id === undefined) return;
    this.#own.gate.safely(() => this.#own.spans.end({ id, type: this.type, name: '', output: options?.output, errorInfo: options?.error }));
  }

  endTree(options?: EndOptions): void {
    for (const child of [...this.#open]) child.endTree(options);
    this.end(options);
  }

  error(options: EndOptions): void {
    if (options.endSpan !== false) this.end(options);
  }

  update(): void {}

  findParent(type: string): OwnSpan | undefined {
    for (let above = this.parent; above !== undefined; above = above.parent) if (above.type === type) return above;
    return undefined;
  }

  getParentSpanId(): undefined {}

  getExportedSpanId(): undefined {}

  exportSpan(): undefined {}

  executeInContext<T>(fn: () => T): T {
    return this.#within(fn);
  }

  executeInContextSync<T>(fn: () => T): T {
    return this.#within(fn);
  }

  /** Of a call of a model: the wire tells of that. */
  createTracker(): object {
    const nothing = (): undefined => undefined;
    return {
      getTracingContext: () => ({ currentSpan: this }),
      wrapStream: (stream: unknown) => stream,
      reportGenerationError: nothing,
      endGeneration: nothing,
      updateGeneration: nothing,
      startStep: nothing,
      setDeferStepClose: nothing,
      exportCurrentStep: nothing,
      getPendingStepFinishPayload: nothing,
      setStepIndex: nothing,
      getStepIndex: () => 0,
    };
  }

  #within<T>(fn: () => T): T {
    const recorder = this.#own.context.recorder();
    const frame = this.#own.spans.frameOf(this.#id);
    return recorder === undefined || frame === undefined ? fn() : runBelow(recorder, frame, fn);
  }
}
