/** Compares two reports: one pure function, which every command that puts runs side by side uses. */
import { groupBy } from '../group-by.ts';
import { pairedChange, sumOf, unpairedChange, type Interval } from './bootstrap.ts';
import { FIGURES, type Figure, type FindingFigures, type Side, type TaskFigures } from './side.ts';

/**
 * `noise`: the interval holds no change at all, or what changed is within what such runs differ by. `unknown`: one of the two does not tell
 * it, or nothing says how much of it is chance.
 */
export type Verdict = 'more' | 'less' | 'same' | 'noise' | 'unknown';

export interface Figured {
  readonly name: string;
  readonly about: string;
  readonly unit: Figure['unit'];
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** `after / before - 1`. Undefined where one is unknown or nothing was there before. */
  readonly change: number | undefined;
  /** 95 %, by drawing the tasks of both runs anew. */
  readonly interval: Interval | undefined;
  readonly verdict: Verdict;
}

export interface TypeChange extends Omit<Figured, 'unit' | 'about' | 'before' | 'after'> {
  readonly before: { readonly count: number; readonly failed: number; readonly meanMs: number | undefined };
  readonly after: { readonly count: number; readonly failed: number; readonly meanMs: number | undefined };
}

export interface TaskChange {
  readonly key: string;
  readonly beforeMs: number;
  readonly afterMs: number;
}

export interface Comparison {
  readonly before: Side['run'] & { readonly lanes: number };
  readonly after: Side['run'] & { readonly lanes: number };
  readonly figures: readonly Figured[];
  /** The categories whose time changed most first. */
  readonly laneTime: readonly Figured[];
  readonly taskTypes: readonly TypeChange[];
  readonly tasks: {
    readonly paired: number;
    readonly onlyBefore: readonly string[];
    readonly onlyAfter: readonly string[];
    /** Tasks without a key: nothing says which of the other run they are. */
    readonly unkeyed: number;
    /** Those that changed most first. */
    readonly changes: readonly TaskChange[];
  };
  /** Undefined: one of the two was not looked through for findings. */
  readonly findings:
    | {
        readonly gone: readonly FindingFigures[];
        readonly new: readonly FindingFigures[];
        readonly kept: readonly { readonly kind: string; readonly before: FindingFigures; readonly after: FindingFigures }[];
      }
    | undefined;
  /** What limits the comparison, in sentences. */
  readonly notes: readonly string[];
}

export interface CompareOptions {
  /** Wall times of other runs of the same program: what they differ by is chance. */
  readonly historyMs?: readonly number[] | undefined;
}

const MAX_LISTED = 10;
/** A change below it is none: clocks and counts are no better. */
const SAME_SHARE = 0.005;
/** So many runs say something of chance. */
const MIN_HISTORY = 3;

/** @example compare(sideOf(before), sideOf(after)).figures.find(({ name }) => name === 'wall')?.change // 0.42 */
export function compare(before: Side, after: Side, { historyMs = [] }: CompareOptions = {}): Comparison {
  const pairs = pairsOf(before, after);
  const wallNoise = spreadOf(historyMs);
  return {
    before: { ...before.run, lanes: before.lanes },
    after: { ...after.run, lanes: after.lanes },
    figures: FIGURES.map((figure) => {
      const interval = figure.name === 'wall' ? (wallNoise ?? wallInterval(pairs, before, after)) : figureInterval(figure.name, pairs);
      return figured(figure, {
        before: before.figures.get(figure.name),
        after: after.figures.get(figure.name),
        interval,
        isBand: figure.name === 'wall' && wallNoise !== undefined,
      });
    }),
    laneTime: laneTimeOf(before, after),
    taskTypes: typesOf(before, after),
    tasks: tasksOf(before, after, pairs),
    findings: findingsOf(before, after),
    notes: notesOf(before, after, { pairs, wallNoise }),
  };
}

interface Pair {
  readonly key: string;
  readonly before: TaskFigures;
  readonly after: TaskFigures;
}

/** Attempts of one task are one: what it took all together. */
function byKey({ tasks }: Side): Map<string, TaskFigures> {
  const keyed = tasks.filter(({ key }) => key !== undefined);
  const add = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
  return new Map(
    [...groupBy(keyed, ({ key = '' }) => key)].map(([key, attempts]) => [
      key,
      attempts.reduce((all, each) => ({
        ...all,
        ms: add(all.ms, each.ms),
        usd: add(all.usd, each.usd),
        tokens: add(all.tokens, each.tokens),
      })),
    ]),
  );
}

function pairsOf(before: Side, after: Side): Pair[] {
  const others = byKey(after);
  return [...byKey(before)].flatMap(([key, own]) => {
    const other = others.get(key);
    return other === undefined ? [] : [{ key, before: own, after: other }];
  });
}

type Amount = 'ms' | 'usd' | 'tokens';

function amounts(pairs: readonly Pair[], of: Amount): (readonly [number, number])[] {
  return pairs.flatMap(({ before, after }) => {
    const [a, b] = [before[of], after[of]];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
}

const AMOUNT_OF: Readonly<Record<string, Amount>> = { lane_time: 'ms', cost: 'usd', tokens: 'tokens' };

function figureInterval(name: string, pairs: readonly Pair[]): Interval | undefined {
  const amount = AMOUNT_OF[name];
  return amount === undefined || amount === 'ms' ? undefined : pairedChange(amounts(pairs, amount));
}

/** Tasks drawn anew and packed onto the lanes that there were: no shorter than all of them spread evenly, nor than the longest. */
function wallInterval(pairs: readonly Pair[], before: Side, after: Side): Interval | undefined {
  if (before.lanes !== after.lanes || before.lanes === 0) return undefined;
  return pairedChange(amounts(pairs, 'ms'), (values) =>
    Math.max(
      sumOf(values) / before.lanes,
      values.reduce((most, each) => Math.max(most, each), 0),
    ),
  );
}

/** What two of these runs differ by at most, 19 times of 20. undefined: too few of them. */
function spreadOf(wallsMs: readonly number[]): Interval | undefined {
  const logs = wallsMs.filter((ms) => ms > 0).map(Math.log);
  if (logs.length < MIN_HISTORY) return undefined;
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
  const deviation = Math.sqrt(logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (logs.length - 1));
  const most = Math.exp(1.96 * Math.SQRT2 * deviation) - 1;
  return { low: 1 / (1 + most) - 1, high: most };
}

interface Values {
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly interval: Interval | undefined;
  /** The interval is that of runs in which nothing changed, and not that of the change. */
  readonly isBand?: boolean;
}

function figured(
  { name, about, unit }: Pick<Figure, 'name' | 'about' | 'unit'>,
  { before, after, interval, isBand = false }: Values,
): Figured {
  const change = before === undefined || after === undefined || before === 0 ? undefined : after / before - 1;
  return { name, about, unit, before, after, change, interval, verdict: verdictOf({ before, after, interval, isBand }, change) };
}

function verdictOf({ before, after, interval, isBand }: Values, change: number | undefined): Verdict {
  if (before === undefined || after === undefined) return 'unknown';
  if (before === after || (change !== undefined && Math.abs(change) < SAME_SHARE)) return 'same';
  const isChance =
    interval !== undefined &&
    (isBand === true ? change !== undefined && change >= interval.low && change <= interval.high : interval.low <= 0 && interval.high >= 0);
  if (isChance) return 'noise';
  return after > before ? 'more' : 'less';
}

function laneTimeOf(before: Side, after: Side): Figured[] {
  const names = [...new Set([...before.laneTime.keys(), ...after.laneTime.keys()])];
  return names
    .map((name) =>
      figured(
        { name, about: name, unit: 'ms' },
        { before: before.laneTime.get(name) ?? 0, after: after.laneTime.get(name) ?? 0, interval: undefined },
      ),
    )
    .sort((a, b) => Math.abs((b.after ?? 0) - (b.before ?? 0)) - Math.abs((a.after ?? 0) - (a.before ?? 0)));
}

function typesOf(before: Side, after: Side): TypeChange[] {
  const none = { count: 0, failed: 0, meanMs: undefined };
  const durations = ({ tasks }: Side): Map<string, TaskFigures[]> => groupBy(tasks, ({ type }) => type);
  const [olds, news] = [durations(before), durations(after)];
  const msOf = (tasks: readonly TaskFigures[] = []): number[] => tasks.flatMap(({ ms }) => ms ?? []);
  const named = new Map([...before.taskTypes, ...after.taskTypes].map(({ name }) => [name, name]));
  return [...named.keys()].map((name) => {
    const old = before.taskTypes.find((each) => each.name === name) ?? none;
    const now = after.taskTypes.find((each) => each.name === name) ?? none;
    const interval = unpairedChange(msOf(olds.get(name)), msOf(news.get(name)));
    const { change, verdict } = figured({ name, about: name, unit: 'ms' }, { before: old.meanMs, after: now.meanMs, interval });
    const figures = ({ count, failed, meanMs }: typeof none | (typeof before.taskTypes)[number]): TypeChange['before'] => ({
      count,
      failed,
      meanMs,
    });
    return { name, before: figures(old), after: figures(now), change, interval, verdict };
  });
}

function tasksOf(before: Side, after: Side, pairs: readonly Pair[]): Comparison['tasks'] {
  const paired = new Set(pairs.map(({ key }) => key));
  const alone = (side: Side): string[] => [...byKey(side).keys()].filter((key) => !paired.has(key)).slice(0, MAX_LISTED);
  return {
    paired: pairs.length,
    onlyBefore: alone(before),
    onlyAfter: alone(after),
    unkeyed: [before, after].reduce((sum, { tasks }) => sum + tasks.filter(({ key }) => key === undefined).length, 0),
    changes: pairs
      .flatMap(({ key, before: { ms: beforeMs }, after: { ms: afterMs } }) =>
        beforeMs === undefined || afterMs === undefined ? [] : [{ key, beforeMs, afterMs }],
      )
      .sort((a, b) => Math.abs(b.afterMs - b.beforeMs) - Math.abs(a.afterMs - a.beforeMs))
      .slice(0, MAX_LISTED),
  };
}

function findingsOf({ findings: before }: Side, { findings: after }: Side): Comparison['findings'] {
  if (before === undefined || after === undefined) return undefined;
  const kinds = (all: readonly FindingFigures[]): Set<string> => new Set(all.map(({ kind }) => kind));
  const [olds, news] = [kinds(before), kinds(after)];
  return {
    gone: before.filter(({ kind }) => !news.has(kind)),
    new: after.filter(({ kind }) => !olds.has(kind)),
    kept: before.flatMap((each) => {
      const now = after.find(({ kind }) => kind === each.kind);
      return now === undefined ? [] : [{ kind: each.kind, before: each, after: now }];
    }),
  };
}

function notesOf(before: Side, after: Side, { pairs, wallNoise }: { pairs: readonly Pair[]; wallNoise: Interval | undefined }): string[] {
  const notes: string[] = [];
  if (before.run.name !== after.run.name) notes.push(`These are runs of different names ("${before.run.name}" and "${after.run.name}").`);
  for (const [which, side] of [
    ['before', before],
    ['after', after],
  ] as const) {
    if (!side.run.isFinished) notes.push(`The run ${which} has not finished: it is compared as far as it is known.`);
    if (side.isIncomplete) notes.push(`Parts of the run ${which} are missing: its sums are lower bounds.`);
  }
  if (before.lanes !== after.lanes) notes.push(`There were ${before.lanes} lanes before and ${after.lanes} after.`);
  if (wallNoise !== undefined)
    notes.push('Whether the wall time changed by chance is judged by how much earlier runs of this name differ.');
  else if (pairs.length === 0) notes.push('No task has a key that is the same in both runs, and one run a side says nothing of chance.');
  else
    notes.push(
      `Intervals are 95 %, by drawing ${pairs.length} tasks that both runs have anew; one run a side says nothing of other chances.`,
    );
  if (before.findings === undefined || after.findings === undefined)
    notes.push('Findings are not compared: one of the two reports has none in it.');
  return notes;
}
