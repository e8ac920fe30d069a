/** One of two reports that are compared, out of JSON that may be anybody's: what is not there or of another type is unknown. */

export interface TaskFigures {
  readonly key: string | undefined;
  readonly type: string;
  readonly ms: number | undefined;
  readonly usd: number | undefined;
  readonly tokens: number | undefined;
}

export interface FindingFigures {
  readonly kind: string;
  readonly seconds: number | undefined;
  readonly usd: number | undefined;
  readonly action: string;
}

export interface TypeFigures {
  readonly name: string;
  readonly count: number;
  readonly failed: number;
  readonly meanMs: number | undefined;
}

export interface Side {
  readonly run: {
    readonly id: string;
    readonly name: string;
    readonly startMs: number;
    readonly wallMs: number;
    readonly isFinished: boolean;
  };
  /** Something of it was lost or not read: its figures are of what is left. */
  readonly isIncomplete: boolean;
  readonly lanes: number;
  readonly laneTime: ReadonlyMap<string, number>;
  readonly figures: ReadonlyMap<string, number | undefined>;
  readonly taskTypes: readonly TypeFigures[];
  readonly tasks: readonly TaskFigures[];
  /** Undefined: it was made by a version that looked for none. */
  readonly findings: readonly FindingFigures[] | undefined;
}

export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'USD' | '1';
  readonly about: string;
  readonly read: (report: Json) => number | undefined;
}

/** In the order in which they are shown. */
export const FIGURES: readonly Figure[] = [
  { name: 'wall', unit: 'ms', about: 'wall time', read: (report) => numberAt(report, 'run', 'wallMs') },
  { name: 'lane_time', unit: 'ms', about: 'lane time', read: (report) => numberAt(report, 'laneTime', 'totalMs') },
  { name: 'cost', unit: 'USD', about: 'cost', read: (report) => numberAt(report, 'usage', 'cost', 'amount') },
  {
    name: 'tokens',
    unit: '1',
    about: 'tokens',
    read: (report) => sum(['input', 'output'].map((each) => numberAt(report, 'usage', 'tokens', each))),
  },
  { name: 'input', unit: '1', about: 'input tokens', read: (report) => numberAt(report, 'usage', 'tokens', 'input') },
  { name: 'output', unit: '1', about: 'output tokens', read: (report) => numberAt(report, 'usage', 'tokens', 'output') },
  { name: 'cached', unit: '1', about: 'input read from a cache', read: (report) => numberAt(report, 'usage', 'tokens', 'cacheRead') },
  { name: 'calls', unit: '1', about: 'LLM calls', read: (report) => numberAt(report, 'usage', 'calls') },
  {
    name: 'tasks',
    unit: '1',
    about: 'tasks',
    read: (report) => sum(listAt(report, 'taskTypes').map((each) => numberAt(each, 'count'))) ?? 0,
  },
  {
    name: 'failed',
    unit: '1',
    about: 'failed tasks',
    read: (report) => sum(listAt(report, 'taskTypes').map((each) => numberAt(each, 'failed'))) ?? 0,
  },
  { name: 'refused', unit: '1', about: 'refused calls', read: (report) => numberAt(report, 'trouble', 'rateLimited', 'count') },
  { name: 'conflicts', unit: '1', about: 'merge conflicts', read: (report) => numberAt(report, 'git', 'conflicts') },
  { name: 'commands', unit: '1', about: 'git commands', read: (report) => numberAt(report, 'git', 'count') },
];

type Json = unknown;

/** undefined: it is no report of ours. */
export function sideOf(report: Json): Side | undefined {
  const run = at(report, 'run');
  const wallMs = numberAt(run, 'wallMs');
  const startMs = numberAt(run, 'startMs');
  if (wallMs === undefined || startMs === undefined || at(report, 'laneTime') === undefined) return undefined;
  return {
    run: { id: textAt(run, 'id') ?? '', name: textAt(run, 'name') ?? '', startMs, wallMs, isFinished: at(run, 'isFinished') === true },
    isIncomplete: at(report, 'missing') !== undefined || listAt(report, 'unread').length > 0,
    lanes: numberAt(report, 'lanes', 'count') ?? numberAt(report, 'parallelism', 'peak') ?? 0,
    laneTime: new Map(
      listAt(report, 'laneTime', 'byCategory').flatMap((each) => {
        const [category, ms] = [textAt(each, 'category'), numberAt(each, 'ms')];
        return category === undefined || ms === undefined ? [] : [[category, ms] as const];
      }),
    ),
    figures: new Map(FIGURES.map(({ name, read }) => [name, read(report)])),
    taskTypes: listAt(report, 'taskTypes').flatMap((each) => {
      const name = textAt(each, 'name');
      if (name === undefined) return [];
      return [
        { name, count: numberAt(each, 'count') ?? 0, failed: numberAt(each, 'failed') ?? 0, meanMs: numberAt(each, 'durationMs', 'mean') },
      ];
    }),
    tasks: listAt(report, 'tasks').map((each) => ({
      key: textAt(each, 'key'),
      type: textAt(each, 'type') ?? '',
      ms: numberAt(each, 'durationMs'),
      usd: numberAt(each, 'costUsd'),
      tokens: numberAt(each, 'tokens'),
    })),
    findings: Array.isArray(at(report, 'findings')) ? listAt(report, 'findings').flatMap(findingOf) : undefined,
  };
}

function findingOf(each: Json): FindingFigures[] {
  const kind = textAt(each, 'kind');
  if (kind === undefined) return [];
  const seconds = numberAt(each, 'recoverableSeconds', 'value') ?? numberAt(each, 'recoverable_seconds', 'value');
  return [
    { kind, seconds, usd: numberAt(each, 'recoverableUsd') ?? numberAt(each, 'recoverable_usd'), action: textAt(each, 'action') ?? '' },
  ];
}

function at(value: Json, ...path: readonly string[]): Json {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, Json>)[name];
  }
  return found ?? undefined;
}

function numberAt(value: Json, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

function textAt(value: Json, name: string): string | undefined {
  const found = at(value, name);
  return typeof found === 'string' ? found : undefined;
}

const listAt = (value: Json, ...path: readonly string[]): readonly Json[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as Json[]) : [];
};

function sum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((all, value) => all + value, 0);
}
