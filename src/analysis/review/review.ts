/** Makes the review of a phase out of the reports of its runs: from data alone, and the same every time. */
import { compare, type Figured } from '../compare/compare.ts';
import type { Interval } from '../compare/bootstrap.ts';
import type { Side } from '../compare/side.ts';
import { groupBy } from '../group-by.ts';
import type { RunReport } from '../sections/index.ts';
import { mergeRuns } from './merge.ts';

/** What the repository says of the time of the phase. */
export interface RepositoryFacts {
  readonly commits: number;
  readonly filesChanged: number;
  readonly linesAdded: number;
  readonly linesRemoved: number;
}

export interface ReviewInput {
  readonly name: string;
  /** The runs of the phase, the oldest first. */
  readonly runs: readonly RunReport[];
  /** What the phase before is called, and its runs; empty where there is none. */
  readonly before: { readonly name: string; readonly runs: readonly RunReport[] };
  readonly repository?: RepositoryFacts | undefined;
  /** Said by whoever chose the runs: those that cannot be read, a tag that is not there. */
  readonly notes?: readonly string[];
}

interface Stretch {
  readonly name: string;
  readonly runs: number;
  readonly runNames: readonly string[];
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
}

export interface Slower {
  readonly what: 'task type' | 'category per task';
  readonly name: string;
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly change: number;
  readonly interval: Interval | undefined;
}

export interface Recurring {
  readonly kind: string;
  /** In so many of the runs of the phase. */
  readonly runs: number;
  readonly seconds: number;
  readonly usd: number;
  /** Of the runs of the phase before. */
  readonly runsBefore: number;
  /** Of the run in which it cost most. */
  readonly action: string;
  readonly where: Readonly<Record<string, readonly string[]>>;
}

export interface Change {
  readonly action: string;
  readonly because: string;
  readonly seconds: number | undefined;
  readonly usd: number | undefined;
}

export interface Review {
  readonly phase: Stretch;
  /** Undefined: nothing came before, and nothing is compared. */
  readonly before: Stretch | undefined;
  readonly done: {
    readonly tasks: number;
    readonly failedTasks: number;
    readonly byType: readonly { readonly name: string; readonly count: number; readonly failed: number }[];
    /** git commands that the runs were seen to run. */
    readonly commits: number;
    readonly merges: number;
    readonly conflicts: number;
    readonly lockFailures: number;
    /** What the history of the repository has of this time; undefined where there is none. */
    readonly repository: RepositoryFacts | undefined;
  };
  /** Sums over the runs, beside those of the phase before. */
  readonly figures: readonly Figured[];
  /** The same for one task, since phases differ in how much is done. */
  readonly perTask: readonly Figured[];
  /** Largest growth first. */
  readonly slower: readonly Slower[];
  /** Most valuable first. */
  readonly findings: readonly Recurring[];
  /** At most five, the most valuable first; empty where nothing is worth changing. */
  readonly changes: readonly Change[];
  readonly notes: readonly string[];
}

const MAX_CHANGES = 5;
const MAX_SLOWER = 5;
/** A type of task that takes less than this much longer is not worth a sentence. */
const SLOWER_SHARE = 0.1;
const PER_TASK = ['wall', 'lane_time', 'cost', 'tokens', 'calls', 'refused', 'conflicts'];

/** @example review({ name: 'v0.2', runs: [report], before: { name: 'v0.1', runs: [] } }).changes */
export function review({ name, runs, before, repository, notes = [] }: ReviewInput): Review {
  const now = mergeRuns(name, runs);
  const then = mergeRuns(before.name, before.runs);
  const compared = now === undefined || then === undefined ? undefined : compare(then, now);
  const findings = recurring(runs, before.runs);
  const slower = now === undefined || then === undefined || compared === undefined ? [] : slowerOf(compared, then, now);
  return {
    phase: stretch(name, runs),
    before: then === undefined ? undefined : stretch(before.name, before.runs),
    done: { ...doneIn(runs), repository },
    figures: compared?.figures ?? alone(now),
    perTask: now === undefined ? [] : perTask(then, now),
    slower,
    findings,
    changes: changesOf(findings, slower, runs.length),
    notes: [...notes, ...(then === undefined ? ['Nothing came before: there is nothing to compare with.'] : [])],
  };
}

function stretch(name: string, runs: readonly RunReport[]): Stretch {
  const starts = runs.map(({ run }) => run.startMs);
  return {
    name,
    runs: runs.length,
    runNames: [...new Set(runs.map(({ run }) => run.name))],
    startMs: runs.length === 0 ? undefined : Math.min(...starts),
    endMs: runs.length === 0 ? undefined : Math.max(...runs.map(({ run }) => run.endMs)),
  };
}

function doneIn(runs: readonly RunReport[]): Omit<Review['done'], 'repository'> {
  const types = [
    ...groupBy(
      runs.flatMap(({ taskTypes }) => taskTypes),
      ({ name }) => name,
    ),
  ].map(([name, all]) => ({
    name,
    count: total(all.map(({ count }) => count)),
    failed: total(all.map(({ failed }) => failed)),
  }));
  const operations = (name: string): number =>
    total(runs.flatMap(({ git }) => git.operations.filter((each) => each.name === name).map(({ count, failed }) => count - failed)));
  return {
    tasks: total(types.map(({ count }) => count)),
    failedTasks: total(types.map(({ failed }) => failed)),
    byType: types.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
    commits: operations('commit'),
    merges: operations('merge'),
    conflicts: total(runs.map(({ git }) => git.conflicts)),
    lockFailures: total(runs.map(({ git }) => git.lockFailures)),
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function alone(now: Side | undefined): Figured[] {
  return now === undefined
    ? []
    : compare(now, now).figures.map((each) => ({ ...each, before: undefined, change: undefined, interval: undefined, verdict: 'unknown' }));
}

function perTask(then: Side | undefined, now: Side): Figured[] {
  const share = (side: Side): Side => {
    const tasks = side.figures.get('tasks') ?? 0;
    const divided = [...side.figures].map(
      ([figure, value]) => [figure, value === undefined || tasks === 0 ? undefined : value / tasks] as const,
    );
    return { ...side, figures: new Map(divided), tasks: [] };
  };
  const figures = then === undefined ? alone(share(now)) : compare(share(then), share(now)).figures;
  return PER_TASK.flatMap((figure) => figures.filter(({ name, after }) => name === figure && after !== undefined));
}

function slowerOf(compared: ReturnType<typeof compare>, then: Side, now: Side): Slower[] {
  const types = compared.taskTypes.flatMap(({ name, before, after, change, interval, verdict }): Slower[] =>
    verdict !== 'more' ||
    interval === undefined ||
    change === undefined ||
    change < SLOWER_SHARE ||
    before.meanMs === undefined ||
    after.meanMs === undefined
      ? []
      : [{ what: 'task type', name, beforeMs: before.meanMs, afterMs: after.meanMs, change, interval }],
  );
  const [tasksThen, tasksNow] = [then, now].map(({ figures }) => figures.get('tasks') ?? 0) as [number, number];
  const categories =
    tasksThen === 0 || tasksNow === 0
      ? []
      : [...now.laneTime].flatMap(([name, ms]): Slower[] => {
          const [beforeMs, afterMs] = [(then.laneTime.get(name) ?? 0) / tasksThen, ms / tasksNow];
          const grown = (afterMs - beforeMs) * tasksNow;
          // Of a category only what the whole phase notices.
          if (beforeMs === 0 || afterMs / beforeMs - 1 < SLOWER_SHARE || grown < (now.figures.get('lane_time') ?? 0) * 0.05) return [];
          return [{ what: 'category per task', name, beforeMs, afterMs, change: afterMs / beforeMs - 1, interval: undefined }];
        });
  return [...types, ...categories].sort((a, b) => b.change - a.change).slice(0, MAX_SLOWER);
}

function recurring(runs: readonly RunReport[], before: readonly RunReport[]): Recurring[] {
  const found = runs.flatMap(({ findings }, run) => findings.map((finding) => ({ ...finding, run })));
  const worth = (usd: number, seconds: number): number => seconds + usd;
  return [...groupBy(found, ({ kind }) => kind)]
    .map(([kind, all]) => {
      const worst = all.toSorted(
        (a, b) => worth(b.recoverableUsd, b.recoverableSeconds.value) - worth(a.recoverableUsd, a.recoverableSeconds.value),
      )[0];
      return {
        kind,
        runs: new Set(all.map(({ run }) => run)).size,
        seconds: total(all.map(({ recoverableSeconds }) => recoverableSeconds.value)),
        usd: total(all.map(({ recoverableUsd }) => recoverableUsd)),
        runsBefore: before.filter(({ findings }) => findings.some((each) => each.kind === kind)).length,
        action: worst?.action ?? '',
        where: worst?.where ?? {},
      };
    })
    .sort((a, b) => b.runs * worth(b.usd, b.seconds) - a.runs * worth(a.usd, a.seconds));
}

const longer = (change: number): string =>
  change < 1 ? `${(100 * change).toFixed(0)} % longer than` : `${(change + 1).toFixed(1)} times as long as`;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 1_000 ? 3 : 1)} s`;

/** Findings first; what has become slower fills the rest, since nobody knows yet what to do about it. */
function changesOf(findings: readonly Recurring[], slower: readonly Slower[], runs: number): Change[] {
  const mended = findings.map(({ kind, action, seconds: worth, usd, runs: seen }) => ({
    action,
    because: `${kind.replaceAll('_', ' ')} in ${seen} of ${runs} ${runs === 1 ? 'run' : 'runs'}`,
    seconds: worth,
    usd,
  }));
  const looked = slower
    .filter(({ what }) => what === 'task type')
    .map(({ name, change, beforeMs, afterMs }) => ({
      action: `Find out why a task of type "${name}" takes ${longer(change)} in the phase before.`,
      because: `${seconds(beforeMs)} became ${seconds(afterMs)}, by more than chance`,
      seconds: undefined,
      usd: undefined,
    }));
  return [...mended, ...looked].slice(0, MAX_CHANGES);
}
