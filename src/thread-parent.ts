/** What threads hang below: the place where each was started, by a value that Node hands to threads. */
import { startedWith, toldToThread } from './config/started-with.ts';
import type { PlannedIds } from './recording/planned-ids.ts';
import type { Recorder } from './recording/types.ts';

const KEY = 'swarmscope.thread-parent.1';

let planned: PlannedIds | undefined;

/** In a thread: the traceparent of where it was started. */
export function ownThreadParent(): string | undefined {
  const told = toldToThread(KEY);
  return typeof told === 'string' ? told : undefined;
}

/** The ids that threads were told of the run, before anything was recorded in this process. */
export const plannedRun = (): PlannedIds | undefined => planned;

/** Called before a thread is made; whoever has recorded nothing yet loads nothing for it. */
export function tellThreadParent(recorder: Recorder | undefined, isForApp: boolean): void {
  const { isMainThread, setEnvironmentData } = process.getBuiltinModule('node:worker_threads');
  const plan = (): string | undefined => (isMainThread && !isForApp && leadsRun() ? planText() : undefined);
  setEnvironmentData(KEY, recorder === undefined ? (ownThreadParent() ?? plan()) : recorder.carrier()['TRACEPARENT']);
}

/** The first process of a run, whose spans are all sampled. */
function leadsRun(): boolean {
  return !['TRACEPARENT', 'SWARMSCOPE_RUN_DIR', 'OTEL_TRACES_SAMPLER'].some((name) => (startedWith[name] ?? '') !== '');
}

function planText(): string {
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  planned ??= { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
  return `00-${planned.traceId}-${planned.spanId}-01`;
}
