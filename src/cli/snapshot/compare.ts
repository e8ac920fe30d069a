/** What changed between two snapshots. Pure. */
import type { RunningTask, StoredSnapshot } from '../../viewer/index.ts';

export interface Change {
  /** `open.llmCalls`, `state.todo[2]`; empty for the whole. */
  readonly path: string;
  /** Absent where there was nothing before. */
  readonly from?: unknown;
  /** Absent where nothing is left. */
  readonly to?: unknown;
}

export interface SnapshotDiff {
  readonly durationMs: number;
  readonly running: {
    readonly from: number;
    readonly to: number;
    readonly started: readonly RunningTask[];
    readonly ended: readonly RunningTask[];
    readonly still: readonly RunningTask[];
  };
  readonly open: readonly Change[];
  readonly spent: readonly Change[];
  readonly planned: readonly Change[];
  readonly state: readonly Change[];
  /** Changes that were not listed. */
  readonly unlisted: number;
}

/** Changes that are listed of each part; protects the reader from two states that have nothing in common. */
const MAX_CHANGES = 1_000;

export function compareSnapshots(from: StoredSnapshot, to: StoredSnapshot): SnapshotDiff {
  const before = new Set(from.running.tasks.map(keyOf));
  const after = new Set(to.running.tasks.map(keyOf));
  let unlisted = 0;
  const changes = (one: unknown, other: unknown): Change[] => {
    const all = [...changesOf(one, other, '')];
    unlisted += Math.max(0, all.length - MAX_CHANGES);
    return all.slice(0, MAX_CHANGES);
  };
  return {
    durationMs: to.timeMs - from.timeMs,
    running: {
      from: from.running.count,
      to: to.running.count,
      started: to.running.tasks.filter((task) => !before.has(keyOf(task))),
      ended: from.running.tasks.filter((task) => !after.has(keyOf(task))),
      still: to.running.tasks.filter((task) => before.has(keyOf(task))),
    },
    open: changes(from.open, to.open),
    spent: changes(from.spent, to.spent),
    planned: changes(from.planned, to.planned),
    state: changes(from.state, to.state),
    unlisted,
  };
}

const keyOf = ({ id, type }: RunningTask): string => JSON.stringify([id, type]);

function* changesOf(from: unknown, to: unknown, path: string): Generator<Change> {
  if (from === undefined && to === undefined) return;
  if (from === undefined) yield { path, to };
  else if (to === undefined) yield { path, from };
  else if (Array.isArray(from) && Array.isArray(to)) yield* changesOfLists(from, to, path);
  else if (isRecord(from) && isRecord(to)) {
    for (const name of new Set([...Object.keys(from), ...Object.keys(to)]))
      yield* changesOf(ownIn(from, name), ownIn(to, name), path === '' ? name : `${path}.${name}`);
  } else if (from !== to) yield { path, from, to };
}

/** Lists of names and numbers are sets of them: what came and what went, wherever it stands. Others go by their places. */
function* changesOfLists(from: readonly unknown[], to: readonly unknown[], path: string): Generator<Change> {
  if ([...from, ...to].every((item) => typeof item !== 'object')) {
    const before = new Set(from);
    const after = new Set(to);
    for (const item of before) if (!after.has(item)) yield { path: `${path}[]`, from: item };
    for (const item of after) if (!before.has(item)) yield { path: `${path}[]`, to: item };
    return;
  }
  for (let at = 0; at < Math.max(from.length, to.length); at += 1) yield* changesOf(from[at], to[at], `${path}[${at}]`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const ownIn = (record: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(record, name) ? record[name] : undefined;
