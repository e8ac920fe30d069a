/** What every verb works with: frames, spans, instruments, the mask and the tables of what is under way. */
import { ROOT_CONTEXT, SpanKind, trace, type Context } from '@opentelemetry/api';
import { runClock, shiftNow } from '../config/run-clock.ts';
import type { Settings } from '../config/settings/index.ts';
import type { MetricSpec } from '../semconv/index.ts';
import { contentOf, LivePolicies } from '../config/policies/live.ts';
import { isOnEvents, isOnSpans, type ContentMode } from '../config/settings/capture.ts';
import type { Cleaner } from './captured/clean.ts';
import { UserMask } from './captured/user-mask.ts';
import { boundedName, createMask, masked, type Mask } from './content.ts';
import { Frames } from './frame.ts';
import { EventRecord } from './event-record.ts';
import { Instruments } from './instruments.ts';
import { BudgetBook, inheritedBudgets, tellNotice } from './budgets/index.ts';
import { AskedToolsTable, UNKNOWN_TOOL } from './asked-tools.ts';
import type { ActivityStart } from './activity-start.ts';
import { CallsBeside } from './calls-beside.ts';
import { CallsUnderWay } from './calls-under-way.ts';
import type { Pricing } from './cost.ts';
import { OpenActivity } from './open-activity.ts';
import { OwnRun } from './own-run.ts';
import { PLANNED_IDS, type PlannedIds } from './planned-ids.ts';
import { Profile } from './profile.ts';
import { Resends } from './resends.ts';
import { rollUp } from './rollup.ts';
import { contextOfPiece } from './sampling.ts';
import { withSpan } from './span-context.ts';
import { digestOf } from '../config/keyed-hash.ts';
import { TaskTable } from './task-table.ts';
import { ToolClaims } from './tool-claims.ts';
import { Trackers } from './trackers.ts';
import type { Assembly, Frame } from './types.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';

/** Activities that may be open at once in one process; more are recorded but not ended at exit. */
const MAX_OPEN = 100_000;

export interface CoreOptions {
  settings: Settings;
  /** Default: none. */
  policies?: LivePolicies | undefined;
  /** Loads the assembly: called once, at the first span. */
  loadAssembly: () => Assembly;
  loadPricing: () => Pricing;
  hasThreads?: (() => boolean) | undefined;
  /** What threads were told of the run before it was opened. */
  plannedRun?: (() => PlannedIds | undefined) | undefined;
  inherited: Frame | undefined;
  count: (name: string, by?: number) => void;
  /** Told of faults of ours, by the verb that had them; the caller goes on. */
  onFault: (verb: string, error: unknown) => void;
  /** Told why the user's mask of content takes nothing any more. */
  onMaskFault?: ((reason: string) => void) | undefined;
  /** Default: the clock of the run. */
  now?: (() => EpochMs) | undefined;
}

export class Core {
  readonly settings: Settings;
  readonly policies: LivePolicies;
  readonly frames: Frames;
  readonly tasks = new TaskTable();
  readonly callsUnderWay = new CallsUnderWay();
  readonly callsBeside = new CallsBeside();
  readonly resends = new Resends((task) => this.tasks.isRunning(task));
  readonly toolClaims = new ToolClaims(() => this.now());
  readonly askedTools = new AskedToolsTable({
    toolClaims: this.toolClaims,
    now: () => this.now(),
    current: () => this.frames.current(),
    startShell: (parent, startTime) => this.#startShell(parent, startTime),
  });
  readonly budgets: BudgetBook;
  readonly profile = new Profile((name) => this.count(name));
  readonly ownRun: OwnRun;
  readonly trackers = new Trackers(() => this.now());
  readonly count: CoreOptions['count'];
  readonly onFault: CoreOptions['onFault'];
  readonly pricing: () => Pricing;
  readonly hasThreads: () => boolean;
  readonly plannedRun: () => PlannedIds | undefined;
  /** One clock for all: monotonic, so that durations never run backwards. */
  readonly now: () => EpochMs;
  readonly userMask: UserMask;
  /** How content is made ready to leave. */
  readonly cleaner: Cleaner;
  readonly #masks: { readonly captured: Mask; readonly plain: Mask };
  readonly #loadAssembly: () => Assembly;
  readonly open = new Set<OpenActivity>();
  #assembly: Assembly | undefined;
  #loadFault: Error | undefined;
  #instruments: Instruments | undefined;

  constructor(options: CoreOptions) {
    this.settings = options.settings;
    this.policies = options.policies ?? new LivePolicies();
    this.frames = new Frames(options.inherited);
    this.count = options.count;
    this.onFault = options.onFault;
    this.now = options.now ?? runClock.now;
    this.budgets = new BudgetBook({
      count: (name) => this.count(name),
      now: this.now,
      onNotice: (notice) => tellNotice(this, notice),
      inherited: inheritedBudgets(options.settings.budgets),
    });
    this.pricing = options.loadPricing;
    this.hasThreads = options.hasThreads ?? (() => false);
    this.plannedRun = options.plannedRun ?? (() => undefined);
    this.ownRun = new OwnRun({
      traceScope: options.settings.traceScope,
      now: this.now,
      leads: () => (hasSpan(this.frames.inherited) || this.assembly().usesAppSdk?.() === true ? undefined : this.assembly().leads),
    });
    this.#loadAssembly = options.loadAssembly;
    const { contentMask } = options.settings;
    this.userMask = new UserMask({
      path: contentMask,
      count: (name) => this.count(name),
      fault: (reason) => options.onMaskFault?.(reason),
    });
    this.cleaner = { digest: (content) => digestOf(this.assembly(), content), userMask: this.userMask };
    this.#masks = { captured: createMask(true, this.cleaner), plain: createMask(false, this.cleaner) };
  }

  /** A policy may change it while the program runs. */
  get captureContent(): ContentMode {
    return contentOf(this.settings, this.policies);
  }

  /** Of spans of ours, and of events that tell what a program did. */
  get mask(): Mask {
    return isOnSpans(this.captureContent) ? this.#masks.captured : this.#masks.plain;
  }

  emptyFrame(): Frame {
    return { context: ROOT_CONTEXT, parent: undefined, task: undefined, batch: undefined, agent: undefined, runId: undefined };
  }

  /** Loaded once; what could not be loaded is not tried again at every span. */
  assembly(): Assembly {
    if (this.#assembly !== undefined) return this.#assembly;
    if (this.#loadFault !== undefined) throw this.#loadFault;
    try {
      this.#assembly = this.#loadAssembly();
      this.frames.outer = this.#assembly.outer;
      return this.#assembly;
    } catch (cause) {
      throw (this.#loadFault = new Error('the assembly could not be loaded', { cause }));
    }
  }

  measure(spec: MetricSpec, value: number, attributes: Attributes): void {
    const { meter } = this.assembly();
    if (this.#instruments?.meter !== meter) this.#instruments = new Instruments(meter);
    this.#instruments.measure(spec, value, attributes);
  }

  start(what: ActivityStart): OpenActivity {
    const assembly = this.assembly();
    const given = what.parent ?? this.frames.current();
    const run = what.isRun === true || hasSpan(given) ? undefined : this.ownRun.frame();
    const parent = run === undefined ? given : belowRun(run, given);
    const startTime = what.startTime ?? this.now();
    const links = [...(what.links ?? [])];
    const isPiece = what.isRun !== true && what.isFramework !== true;
    const sampled = isPiece ? this.#pieceBelow(parent, assembly) : undefined;
    const isOwnTrace = sampled !== undefined || what.isOwnTrace === true || (run !== undefined && this.ownRun.isRolledOver());
    let parentContext: Context = parent?.context ?? ROOT_CONTEXT;
    if (isOwnTrace) {
      const above = trace.getSpanContext(parentContext);
      if (above !== undefined) links.push({ context: above });
      parentContext = sampled ?? ROOT_CONTEXT;
    }
    // A trace that begins now follows the machine's clock, and keeps what it followed.
    const shiftMs = (isOwnTrace ? undefined : parent?.shiftMs) ?? shiftNow();
    const mask = what.mask ?? this.mask;
    this.ownRun.noteSpan();
    const span = (what.tracer ?? assembly.tracer).startSpan(
      boundedName(what.name),
      { kind: what.kind, attributes: masked(mask, what.attributes), startTime: startTime + shiftMs, links },
      what.ids === undefined ? parentContext : parentContext.setValue(PLANNED_IDS, what.ids),
    );
    const carries = what.carries ?? {};
    const frame: Frame = {
      context: withSpan(parentContext, span),
      parent,
      task: carries.task ?? parent?.task,
      batch: 'batch' in carries ? carries.batch : parent?.batch,
      agent: carries.agent ?? parent?.agent,
      runId: carries.runId ?? parent?.runId,
      shiftMs,
      // A vendor's state belongs to the trace that it came with.
      tracestate: isOwnTrace ? undefined : parent?.tracestate,
      isInPiece: isPiece || parent?.isInPiece,
      isInTool: 'isInTool' in carries ? carries.isInTool : parent?.isInTool,
      library: parent?.library,
      inference: carries.inference,
    };
    const activity = new OpenActivity({
      span,
      frame,
      startTime,
      onEnd: (end, seconds) => {
        this.askedTools.ending(activity);
        return what.onEnd?.(end, seconds);
      },
      onCut: what.onCut,
      now: this.now,
      mask,
      event: what.event === undefined || !isOnEvents(this.captureContent) ? undefined : this.#eventOf(what.event, what.attributes),
      onChanged: assembly.changed,
      onClosed: this.#closed,
      onFault: this.#endFault,
    });
    rollUp(parent?.task, (rollup) => {
      rollup.open += 1;
    });
    if (this.open.size < MAX_OPEN) this.open.add(activity);
    else this.count('recording.too-many-open');
    if (carries.task !== undefined || carries.agent !== undefined) this.budgets.workStarted(activity);
    this.tasks.touch(frame.task, startTime);
    return activity;
  }

  #pieceBelow(above: Frame | undefined, assembly: Assembly): Context | undefined {
    // The app's own SDK has a sampler of its own.
    if (assembly.usesAppSdk?.() === true) return undefined;
    return contextOfPiece({ policies: this.policies, runTraceId: this.runTraceId(), above });
  }

  /** Of the run that this process leads, or was started under. */
  runTraceId(): string | undefined {
    return this.ownRun.traceId ?? trace.getSpanContext(this.frames.inherited?.context ?? ROOT_CONTEXT)?.traceId;
  }

  #eventOf(name: string, given: Attributes): EventRecord | undefined {
    const { emitLog } = this.assembly();
    if (emitLog === undefined) {
      this.count('content.no-events');
      return undefined;
    }
    const event = new EventRecord(name, this.#masks.captured, emitLog);
    event.add(given);
    return event;
  }

  /** Around what runs between two calls, and may turn out to be a tool. */
  #startShell(parent: Frame | undefined, startTime: EpochMs | undefined): OpenActivity {
    const carries = { isInTool: true };
    const shell = this.start({ name: UNKNOWN_TOOL, kind: SpanKind.INTERNAL, startTime, parent, attributes: {}, carries });
    if (parent?.task !== undefined) this.tasks.name(parent.task, shell.spanId);
    return shell;
  }

  readonly #closed = (activity: OpenActivity, endTime: EpochMs): void => {
    this.open.delete(activity);
    this.budgets.workEnded(activity, endTime);
    rollUp(activity.frame.parent?.task, (rollup) => {
      rollup.open -= 1;
    });
    this.tasks.touch(activity.frame.task, endTime);
  };

  readonly #endFault = (error: unknown): void => this.onFault('end', error);

  held(): Readonly<Record<string, number>> {
    const { running, queued } = this.tasks.sizes();
    return {
      'recording.open': this.open.size,
      'recording.calls-under-way': this.callsUnderWay.size,
      'recording.tasks-running': running,
      'recording.tasks-queued': queued,
      'recording.tool-claims': this.toolClaims.size,
      'recording.failed-attempts': this.resends.size,
      'recording.tool-gaps': this.askedTools.size,
      'recording.pools': this.trackers.pools.size,
      'recording.queues': this.trackers.queues.size,
      'recording.budgets': this.budgets.size,
    };
  }

  /** Ends what is still open, innermost first. For the end of the process. */
  endOpen(errorType: string): void {
    this.askedTools.closeAll();
    for (const activity of [...this.open].reverse()) activity.cut(errorType);
  }
}

function hasSpan(frame: Frame | undefined): boolean {
  return frame !== undefined && trace.getSpanContext(frame.context) !== undefined;
}

/** What has no span above it, and may belong to a batch already. */
function belowRun(run: Frame, given: Frame | undefined): Frame {
  return given === undefined ? run : { ...given, context: run.context, parent: run, runId: run.runId, shiftMs: run.shiftMs };
}
