/** The answer to "where did the time and the money go": one run in, one plain report out. */
import { attribute } from './attribution.ts';
import { summariseBatches, type BatchReport } from './batches.ts';
import { ACTIVITY_RULES, CATEGORIES, CATEGORY_RULE, categoryOf } from './categories.ts';
import { summariseGpus, type GpuReport } from './gpu.ts';
import { IDLE_RULES } from './idle.ts';
import { findLanes, type OccupantKind } from './lanes.ts';
import type { RunData } from './model.ts';
import { buildTree, type SpanNode } from './span-tree.ts';
import type { Distribution } from './statistics.ts';
import { slowest, type SlowTask } from './slowest.ts';
import { distributionsBy, queueWait, taskType, type CategoryTime, type NamedDistribution } from './tasks.ts';
import { drawTimeline, type Timeline } from './timeline.ts';
import { summariseChildren, summariseGit, summariseTrouble, type ChildrenReport, type GitReport, type TroubleReport } from './trouble.ts';
import { summariseUsage, type Usage } from './usage.ts';
import { findWallPath, type WallPath } from './wall-path.ts';

/** Plain JSON-able data; times in epoch milliseconds, durations in milliseconds; absent is undefined, never 0. */
export interface RunReport {
  readonly run: {
    readonly id: string;
    readonly name: string;
    readonly command: string;
    readonly startMs: number;
    readonly endMs: number;
    readonly wallMs: number;
    readonly isFinished: boolean;
    readonly exitCode: number | undefined;
    readonly signal: string | undefined;
  };
  readonly lanes: { readonly count: number; readonly kind: OccupantKind | undefined; readonly occupants: number };
  readonly laneTime: {
    readonly byCategory: readonly CategoryTime[];
    readonly totalMs: number;
    /** Lanes x wall. */
    readonly expectedMs: number;
    /** `totalMs / expectedMs`: 1 when nothing is lost or counted twice; undefined without lanes. */
    readonly check: number | undefined;
    readonly rule: string;
    readonly activityRules: readonly { readonly category: string; readonly about: string }[];
    readonly idleRules: readonly { readonly category: string; readonly about: string }[];
  };
  readonly wallPath: WallPath;
  readonly timeline: Timeline;
  /** Spans by what they are: a category, or `process` for child processes. */
  readonly categories: readonly NamedDistribution[];
  readonly taskTypes: readonly NamedDistribution[];
  readonly slowest: readonly SlowTask[];
  readonly usage: Usage;
  readonly parallelism: {
    readonly peak: number;
    /** Lanes occupied on average over the wall time; undefined for a run without duration. */
    readonly average: number | undefined;
    readonly limit: number | undefined;
  };
  readonly batches: readonly BatchReport[];
  readonly queueWait: Distribution | undefined;
  readonly trouble: TroubleReport;
  readonly git: GitReport;
  readonly children: ChildrenReport;
  /** Empty where no GPU was seen. */
  readonly gpus: readonly GpuReport[];
  readonly losses: Readonly<Record<string, number>>;
  readonly spanCount: number;
}

/**
 * Analyses one run; never throws, whatever the spans look like. 100,000 spans in about a second.
 * @example analyse(store.readRun(id)).laneTime.byCategory
 */
export function analyse(data: RunData): RunReport {
  const tree = buildTree(data);
  const lanes = findLanes(tree, data);
  const attribution = attribute(tree, lanes);
  const wallMs = tree.endMs - tree.startMs;
  const tasks = tree.topDown.filter((node) => node.class === 'task');
  const byCategory = CATEGORIES.flatMap((category) => {
    const ms = attribution.laneMs.get(category);
    return ms === undefined ? [] : [{ category, ms }];
  }).sort((a, b) => b.ms - a.ms);
  const totalMs = byCategory.reduce((sum, { ms }) => sum + ms, 0);
  const expectedMs = lanes.count * wallMs;
  const batches = summariseBatches(tree, tasks);
  const busyMs = lanes.occupants.reduce((sum, node) => sum + node.endMs - node.startMs, 0);
  const { id, name, command, exitCode, signal } = data.run;
  return {
    run: {
      id,
      name,
      command,
      startMs: tree.startMs,
      endMs: tree.endMs,
      wallMs,
      isFinished: data.run.endMs !== undefined,
      exitCode,
      signal,
    },
    lanes: { count: lanes.count, kind: lanes.kind, occupants: lanes.occupants.length },
    laneTime: {
      byCategory,
      totalMs,
      expectedMs,
      check: expectedMs > 0 ? totalMs / expectedMs : undefined,
      rule: CATEGORY_RULE,
      activityRules: ACTIVITY_RULES,
      idleRules: IDLE_RULES,
    },
    wallPath: findWallPath(tree, lanes, attribution),
    timeline: drawTimeline(tree, lanes, attribution),
    categories: distributionsBy(tree.topDown.filter(isCounted), kindOf),
    taskTypes: distributionsBy(tasks, taskType),
    slowest: slowest({ occupants: lanes.occupants, segments: attribution.segments, backoffs: attribution.backoffs, batches }),
    usage: summariseUsage(tree),
    parallelism: { peak: lanes.peak, average: wallMs > 0 ? busyMs / wallMs : undefined, limit: lanes.limit },
    batches,
    queueWait: queueWait(tasks),
    trouble: summariseTrouble(tree, attribution.backoffs),
    git: summariseGit(tree),
    children: summariseChildren(tree),
    gpus: summariseGpus(data.series),
    losses: Object.fromEntries(Object.entries(data.losses).filter(([, count]) => count > 0)),
    spanCount: tree.topDown.length,
  };
}

/** Tools that agents use and child processes share a category of lane time; counted together they would be no number of anything. */
function kindOf(node: SpanNode): string {
  return node.class === 'process' && categoryOf(node) === 'tool' ? 'process' : (categoryOf(node) ?? 'other');
}

/** Spans that are one thing done: no containers (tasks, batches, workers), and an agent CLI once, not again as its process. */
function isCounted(node: SpanNode): boolean {
  const category = categoryOf(node);
  return (
    category !== undefined && category !== 'other' && !(node.class === 'process' && node.parent?.class === 'agent' && category === 'agent')
  );
}
