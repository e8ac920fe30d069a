/** Snapshots: how this process stands, under a name, taken by the program and at the end of each phase. */
import { trace } from '@opentelemetry/api';
import { shiftNow } from '../../config/run-clock.ts';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_SWARMSCOPE_SNAPSHOT_NAME,
  ATTR_SWARMSCOPE_SNAPSHOT_OMITTED,
  ATTR_SWARMSCOPE_SNAPSHOT_OPEN,
  ATTR_SWARMSCOPE_SNAPSHOT_PLANNED,
  ATTR_SWARMSCOPE_SNAPSHOT_RUNNING,
  ATTR_SWARMSCOPE_SNAPSHOT_SPENT,
  ATTR_SWARMSCOPE_SNAPSHOT_STATE,
  ATTR_SWARMSCOPE_SNAPSHOT_TASKS_QUEUED,
  ATTR_SWARMSCOPE_SNAPSHOT_TASKS_RUNNING,
  ATTR_SWARMSCOPE_SNAPSHOT_TRIGGER,
  ATTR_SWARMSCOPE_TASK_ID,
  EVENT_SWARMSCOPE_SNAPSHOT,
  SWARMSCOPE_SNAPSHOT_TRIGGER_VALUE_CALL,
  SWARMSCOPE_SNAPSHOT_TRIGGER_VALUE_PHASE_END,
} from '../../semconv/index.ts';
import { cleanContent, type Cleaner } from '../captured/clean.ts';
import { boundedName } from '../content.ts';
import type { Assembly, Frame } from '../types.ts';
import { standOf, type Standing } from './standing.ts';
import { plainState } from './state.ts';

export { addSpent } from './spent.ts';

const SEVERITY_INFO = 9;

export interface SnapshotTaker extends Standing {
  readonly cleaner: Cleaner;
  readonly frames: { current(): Frame | undefined };
  readonly ownRun: { frame(): Frame | undefined };
  assembly(): Pick<Assembly, 'emitLog'>;
  count(name: string): void;
}

const openPhases = new WeakMap<Standing, Map<object, string>>();

function phasesOf(taker: Standing): Map<object, string> {
  let phases = openPhases.get(taker);
  if (phases === undefined) openPhases.set(taker, (phases = new Map<object, string>()));
  return phases;
}

export function phaseStarted(taker: Standing, phase: object, name: string): void {
  phasesOf(taker).set(phase, name);
}

/** What was under way in it may still be: its own span is over. */
export function phaseEnded(taker: SnapshotTaker, phase: object, frame: Frame): void {
  const name = phasesOf(taker).get(phase);
  phasesOf(taker).delete(phase);
  if (name !== undefined) take(taker, { name, trigger: SWARMSCOPE_SNAPSHOT_TRIGGER_VALUE_PHASE_END, frame });
}

/** Answers why it was not taken, or what was left out of it. */
export function takeSnapshot(taker: SnapshotTaker, name: unknown, state: unknown): string | undefined {
  if (typeof name !== 'string' || name.trim() === '') {
    taker.count('snapshot.refused');
    return 'snapshot: name: expected a text that is not empty';
  }
  const frame = taker.frames.current() ?? taker.ownRun.frame();
  const omitted = take(taker, { name, trigger: SWARMSCOPE_SNAPSHOT_TRIGGER_VALUE_CALL, frame, state });
  if (omitted === 0) return undefined;
  taker.count('snapshot.repaired');
  return `snapshot "${boundedName(name)}": state: ${omitted} values were left out or cut: functions, circles, getters, or too much`;
}

interface Taken {
  readonly name: string;
  readonly trigger: string;
  readonly frame: Frame | undefined;
  readonly state?: unknown;
}

/** How much of the state was left out. */
function take(taker: SnapshotTaker, { name, trigger, frame, state }: Taken): number {
  const { emitLog } = taker.assembly();
  if (emitLog === undefined) {
    taker.count('snapshot.untold');
    return 0;
  }
  const { running, runningCount, queuedCount, open, spent, planned } = standOf(taker, [...phasesOf(taker).values()]);
  const { text, omitted } = state === undefined ? { text: undefined, omitted: 0 } : stateText(taker, state);
  const left = omitted + runningCount - running.length;
  const span = frame && trace.getSpanContext(frame.context);
  emitLog({
    eventName: EVENT_SWARMSCOPE_SNAPSHOT,
    time: taker.now() + (frame?.shiftMs ?? shiftNow()),
    severityNumber: SEVERITY_INFO,
    traceId: span?.traceId,
    spanId: span?.spanId,
    // The mask of names would cut what is a list here: everything below is bounded where it is made.
    attributes: {
      [ATTR_SWARMSCOPE_SNAPSHOT_NAME]: boundedName(name),
      [ATTR_SWARMSCOPE_SNAPSHOT_TRIGGER]: trigger,
      [ATTR_SWARMSCOPE_SNAPSHOT_TASKS_RUNNING]: runningCount,
      [ATTR_SWARMSCOPE_SNAPSHOT_TASKS_QUEUED]: queuedCount,
      [ATTR_SWARMSCOPE_SNAPSHOT_RUNNING]: running,
      [ATTR_SWARMSCOPE_SNAPSHOT_OPEN]: JSON.stringify(open),
      [ATTR_SWARMSCOPE_SNAPSHOT_SPENT]: JSON.stringify(spent),
      [ATTR_SWARMSCOPE_SNAPSHOT_PLANNED]: JSON.stringify(planned),
      [ATTR_SWARMSCOPE_SNAPSHOT_STATE]: text,
      [ATTR_SWARMSCOPE_SNAPSHOT_OMITTED]: left === 0 ? undefined : left,
      [ATTR_GEN_AI_AGENT_NAME]: frame?.agent?.name,
      [ATTR_SWARMSCOPE_TASK_ID]: frame?.task?.id,
    },
  });
  return omitted;
}

/** Kept whatever the capture of content says, since it is passed on purpose; without credentials, and behind the user's mask. */
function stateText({ cleaner }: SnapshotTaker, state: unknown): { text: string | undefined; omitted: number } {
  const { value, omitted } = plainState(state);
  const json = value === undefined ? undefined : JSON.stringify(value);
  const clean = json === undefined ? undefined : cleanContent(ATTR_SWARMSCOPE_SNAPSHOT_STATE, json, cleaner);
  const isLost = json !== undefined && clean === undefined;
  return { text: clean?.text, omitted: omitted + (isLost ? 1 : 0) };
}
