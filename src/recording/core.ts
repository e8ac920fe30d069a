/** What every verb of this room works with: frames, spans, instruments, the mask and the tables of what is under way. */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type Link, type Span } from '@opentelemetry/api';
import type { Settings } from '../config/settings.ts';
import { ATTR_ERROR_TYPE, type MetricSpec } from '../semconv/index.ts';
import { createMask, type Mask } from './content.ts';
import { Frames } from './frame.ts';
import { defined, Instruments } from './instruments.ts';
import type { Activity, ActivityEnd, Assembly, Attributes, EpochMs, Frame } from './types.ts';
import { ToolClaims } from './tool-claims.ts';
import { TaskTable } from './task-table.ts';
import { Trackers } from './trackers.ts';
import type { PricingRoom } from './cost.ts';

/** Activities that may be open at once in one process; more are recorded but not ended at exit. */
const MAX_OPEN = 100_000;

const monotonicNow = performance.now.bind(performance);
const originMs = performance.timeOrigin;

export interface CoreOptions {
  settings: Settings;
  /** Loads the assembly: called once, at the first span. */
  loadAssembly: () => Assembly;
  loadPricing: () => PricingRoom;
  inherited: Frame | undefined;
  count: (name: string, by?: number) => void;
}

export interface ActivityStart {
  name: string;
  kind: SpanKind;
  attributes: Attributes;
  startTime?: EpochMs | undefined;
  /** Default: the current frame. */
  parent?: Frame | undefined;
  /** Makes the span the root of a trace of its own, linked to its parent. */
  isOwnTrace?: boolean;
  links?: Link[];
  /** What the frame below the span carries besides the span. */
  carries?: Partial<Pick<Frame, 'task' | 'batch' | 'agent' | 'runId'>>;
  /** Runs once, before the span ends; may add attributes. `seconds` is the duration. */
  onEnd?: (end: ActivityEnd, seconds: number) => Attributes | undefined;
}

export class Core {
  readonly settings: Settings;
  readonly frames: Frames;
  readonly tasks = new TaskTable();
  readonly toolClaims = new ToolClaims(() => this.now());
  readonly trackers = new Trackers(() => this.now());
  readonly count: CoreOptions['count'];
  readonly pricing: () => PricingRoom;
  readonly #mask: Mask;
  readonly #loadAssembly: () => Assembly;
  readonly #open = new Set<OpenActivity>();
  #assembly: Assembly | undefined;
  #instruments: Instruments | undefined;

  constructor(options: CoreOptions) {
    this.settings = options.settings;
    this.frames = new Frames(options.inherited);
    this.count = options.count;
    this.pricing = options.loadPricing;
    this.#loadAssembly = options.loadAssembly;
    this.#mask = createMask(options.settings.captureContent === 'on');
  }

  /** One clock for all: wall time at start plus monotonic time since, so that durations never run backwards. */
  now(): EpochMs {
    return originMs + monotonicNow();
  }

  emptyFrame(): Frame {
    return { context: ROOT_CONTEXT, parent: undefined, task: undefined, batch: undefined, agent: undefined, runId: undefined };
  }

  assembly(): Assembly {
    this.#assembly ??= this.#loadAssembly();
    return this.#assembly;
  }

  measure(spec: MetricSpec, value: number, attributes: Attributes): void {
    this.#instruments ??= new Instruments(this.assembly().meter);
    this.#instruments.measure(spec, value, attributes);
  }

  mask(attributes: Attributes): Attributes {
    return this.#mask(attributes);
  }

  start(what: ActivityStart): Activity {
    const parent = what.parent ?? this.frames.current();
    const startTime = what.startTime ?? this.now();
    const links = [...(what.links ?? [])];
    let parentContext: Context = parent?.context ?? ROOT_CONTEXT;
    if (what.isOwnTrace === true) {
      const above = trace.getSpanContext(parentContext);
      if (above !== undefined) links.push({ context: above });
      parentContext = ROOT_CONTEXT;
    }
    const span = this.assembly().tracer.startSpan(
      what.name,
      { kind: what.kind, attributes: defined(this.#mask(what.attributes)), startTime, links },
      parentContext,
    );
    const frame: Frame = {
      context: trace.setSpan(parentContext, span),
      parent,
      task: what.carries?.task ?? parent?.task,
      batch: what.carries !== undefined && 'batch' in what.carries ? what.carries.batch : parent?.batch,
      agent: what.carries?.agent ?? parent?.agent,
      runId: what.carries?.runId ?? parent?.runId,
      tracestate: parent?.tracestate,
    };
    const activity = new OpenActivity(this, span, frame, startTime, what.onEnd);
    if (this.#open.size < MAX_OPEN) this.#open.add(activity);
    this.tasks.touch(frame.task, startTime);
    return activity;
  }

  forget(activity: OpenActivity): void {
    this.#open.delete(activity);
  }

  /** Ends what is still open, innermost first. For the end of the process. */
  endOpen(errorType: string): void {
    for (const activity of [...this.#open].reverse()) activity.end({ errorType });
  }
}

class OpenActivity implements Activity {
  readonly frame: Frame;
  readonly startTime: EpochMs;
  readonly traceId: string;
  readonly spanId: string;
  readonly #core: Core;
  readonly #span: Span;
  readonly #onEnd: ActivityStart['onEnd'];
  #isEnded = false;

  constructor(core: Core, span: Span, frame: Frame, startTime: EpochMs, onEnd: ActivityStart['onEnd']) {
    const { traceId, spanId } = span.spanContext();
    this.traceId = traceId;
    this.spanId = spanId;
    this.frame = frame;
    this.startTime = startTime;
    this.#core = core;
    this.#span = span;
    this.#onEnd = onEnd;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  rename(name: string): void {
    if (!this.#isEnded) this.#span.updateName(name);
  }

  set(attributes: Attributes): void {
    if (!this.#isEnded) this.#span.setAttributes(defined(this.#core.mask(attributes)));
  }

  end(result: ActivityEnd = {}): void {
    if (this.#isEnded) return;
    const endTime = Math.max(result.endTime ?? this.#core.now(), this.startTime);
    const more = this.#onEnd?.({ ...result, endTime }, (endTime - this.startTime) / 1000);
    this.set({ ...more, ...result.attributes, [ATTR_ERROR_TYPE]: result.errorType });
    this.#isEnded = true;
    if (result.errorType !== undefined) this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.end(endTime);
    this.#core.forget(this);
    this.#core.tasks.touch(this.frame.task, endTime);
  }
}

export type { OpenActivity };
