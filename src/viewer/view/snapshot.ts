/** A run that was analysed whole, as the snapshot that the page begins with. The numbers are those of the report. */
import { CATEGORIES } from '../../analysis/categories.ts';
import { findNeeds, judge, type LaneNow, type RunFacts, type RunReport } from '../../analysis/index.ts';
import { lanePicture, type LanePicture, type PicturedOccupant } from '../../analysis/lane-picture.ts';
import { numberOf, textOf, type SpanNode } from '../../analysis/span-tree.ts';
import * as names from '../../semconv/index.ts';
import type { OpenWork, RunHead, RunSummary, Snapshot, Totals } from '../wire.ts';
import { categoryNumber, segmentColumns, shortened, taskColumns, taskRow, wholeSegments } from './columns.ts';
import { stripsOf, type StripBoard } from './strips.ts';

export interface Analysed {
  readonly facts: RunFacts;
  readonly report: RunReport;
  readonly state: RunHead['state'];
}

/** Segments of one snapshot; beyond them short ones of a lane become part of the one before, and the notes say so. */
const MAX_SEGMENTS = 200_000;
const SILENT_MS = 300_000;
const MAX_NAMED_REPOSITORIES = 8;
/** Of a run in the list. */
const MAX_FINDINGS = 3;
const MINUTE_MS = 60_000;

export function snapshotOf({ facts, report, state }: Analysed, seq: number, version: string): Snapshot {
  const { startMs, endMs } = facts.tree;
  const picture = lanePicture(facts);
  const notes: string[] = [];
  const strips = stripsOf(facts.data.series, startMs);
  const open = state === 'live' ? openOf(picture, startMs) : [];
  const standing = standingOf({ facts, report, state }, picture, strips);
  const segments = picture.lanes.map((lane) => wholeSegments(lane, startMs));
  const count = segments.reduce((sum, { length }) => sum + length, 0);
  const mergedMs = count > MAX_SEGMENTS ? leastOf(segments, count) : undefined;
  const g = segmentColumns(mergedMs === undefined ? segments : merged(segments, mergedMs));
  if (mergedMs !== undefined)
    notes.push(`${count} segments are too many to be sent at once: those up to ${mergedMs} ms are part of the one before.`);
  for (const { what, read, of } of report.unread)
    notes.push(`Of ${of} ${what}s the first ${read} were read: the rest does not fit into memory.`);
  return {
    v: 1,
    version,
    seq,
    now: endMs,
    startMs,
    run: headOf(report, state),
    categories: CATEGORIES,
    lanes: {
      count: picture.count,
      ...(picture.kind === undefined ? {} : { kind: picture.kind }),
      ...(picture.limit === undefined ? {} : { limit: picture.limit }),
    },
    tasks: taskColumns(picture.occupants.map((occupant) => taskRow(occupant, startMs, state === 'live'))),
    g,
    ...(mergedMs === undefined ? {} : { mergedMs }),
    open,
    totals: totalsOf({ facts, report, state }, picture, strips),
    strips: strips.all(),
    verdict: judge(standing),
    needs: standing.needs,
    losses: report.losses,
    notes,
  };
}

export function headOf({ run }: RunReport, state: RunHead['state']): RunHead {
  return {
    id: run.id,
    name: shortened(run.name),
    command: shortened(run.command),
    state,
    ...(run.isFinished || state === 'cut' ? { endMs: run.endMs } : {}),
    ...(run.exitCode === undefined ? {} : { exitCode: run.exitCode }),
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  };
}

export function summaryOf(analysed: Analysed): RunSummary {
  const { facts, report } = analysed;
  const picture = lanePicture(facts);
  const { amount } = report.usage.cost;
  const repositories = new Set(facts.tree.topDown.flatMap(({ row }) => textOf(row.attributes, names.ATTR_VCS_REPOSITORY_NAME) ?? []));
  return {
    wallMs: report.run.wallMs,
    spans: report.spanCount,
    lanes: report.lanes.count,
    tasks: facts.tasks.length,
    failed: picture.occupants.filter(({ isFailed }) => isFailed).length,
    ...(amount === undefined ? {} : { cost: amount }),
    verdict: judge(standingOf(analysed, picture, stripsOf(facts.data.series, facts.tree.startMs))),
    repositories: [...repositories].sort().slice(0, MAX_NAMED_REPOSITORIES),
    findings: report.findings.slice(0, MAX_FINDINGS).map(({ kind, action, recoverableSeconds, recoverableUsd }) => ({
      kind,
      action,
      seconds: recoverableSeconds.value,
      usd: recoverableUsd,
    })),
  };
}

/** What goes on in a lane: the last segment of an occupant that has not ended. */
function openOf({ occupants }: LanePicture, startMs: number): OpenWork[] {
  return occupants.flatMap((occupant, task) => {
    if (!occupant.isOpen || occupant.lane < 0) return [];
    const last = occupant.segments.at(-1);
    const leaf = openLeaf(occupant.node);
    return [
      {
        lane: occupant.lane,
        task,
        category: categoryNumber[last?.category ?? 'other'],
        ...(leaf === undefined ? {} : { name: shortened(leaf.row.name), span: leaf.row.spanId, trace: leaf.row.traceId }),
        since: Math.round((last?.startMs ?? occupant.startMs) - startMs),
        sign: Math.round(signOf(occupant.node) - startMs),
      },
    ];
  });
}

/** The innermost span under way, the one that began last. */
export function openLeaf(node: SpanNode): SpanNode | undefined {
  let found: SpanNode | undefined;
  for (let at: SpanNode | undefined = node; at !== undefined;) {
    const next: SpanNode | undefined = at.children
      .filter(({ isOpen }) => isOpen)
      .reduce<SpanNode | undefined>((last, each) => (last === undefined || each.startMs > last.startMs ? each : last), undefined);
    if (next !== undefined) found = next;
    at = next;
  }
  return found;
}

/** The last start or end of anything in it. */
function signOf(root: SpanNode): number {
  let last = root.startMs;
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    last = Math.max(last, node.startMs, node.isOpen ? node.startMs : node.endMs);
    stack.push(...node.children);
  }
  return last;
}

function standingOf({ facts, report, state }: Analysed, picture: LanePicture, strips: StripBoard): Parameters<typeof judge>[0] {
  const { startMs, endMs } = facts.tree;
  const now = endMs - startMs;
  const lanes = state === 'live' ? openOf(picture, startMs).map((work): LaneNow => laneNow(work, picture)) : [];
  const failed = picture.occupants.flatMap((occupant, task) => (occupant.isFailed ? [failedOf(occupant, task, startMs)] : []));
  const needs = findNeeds({ now, lanes, failed, silentAfterMs: SILENT_MS });
  const tasks = countsOf(picture, state);
  return {
    now,
    state,
    exitCode: report.run.exitCode,
    signal: report.run.signal,
    needs,
    tasks,
    busy: lanes.length,
    waiting: lanes.filter(({ category }) => category.startsWith('wait:')).length,
    refusedLastMinute: state === 'live' ? refusedSince(facts, endMs - MINUTE_MS) : 0,
    refused: report.trouble.rateLimited.count,
    full: state === 'live' ? strips.full() : [],
    lost: report.missing?.spans ?? 0,
  };
}

function laneNow(work: OpenWork, { occupants }: LanePicture): LaneNow {
  const { lane, task, category, name, since, sign } = work;
  return { lane, task, label: occupants[task]?.label ?? '', category: CATEGORIES[category] ?? 'other', name, since, sign };
}

const failedOf = ({ lane, label, endMs }: PicturedOccupant, task: number, startMs: number) => ({
  task,
  lane,
  label,
  end: Math.round(endMs - startMs),
});

const refusedSince = ({ refusals }: RunFacts, ms: number): number => [...refusals.keys()].filter(({ endMs }) => endMs >= ms).length;

function countsOf({ occupants }: LanePicture, state: RunHead['state']): Totals['tasks'] {
  const counts = { running: 0, done: 0, failed: 0, cut: 0 };
  for (const { isOpen, isFailed } of occupants) counts[isOpen ? (state === 'live' ? 'running' : 'cut') : isFailed ? 'failed' : 'done']++;
  return counts;
}

function totalsOf({ facts, report, state }: Analysed, picture: LanePicture, strips: StripBoard): Totals {
  const { usage, trouble, laneTime } = report;
  const { endMs, startMs } = facts.tree;
  const running = state === 'live' ? openOf(picture, startMs) : [];
  const nowBy = new Map<number, number>();
  for (const { category } of running) nowBy.set(category, (nowBy.get(category) ?? 0) + 1);
  const minutes = Math.max(1 / 60, Math.min(report.run.wallMs, MINUTE_MS) / MINUTE_MS);
  const lastCost =
    state !== 'live'
      ? 0
      : [...facts.llm.calls].reduce(
          (sum, { row, endMs: end }) =>
            end >= endMs - MINUTE_MS ? sum + (numberOf(row.attributes, names.ATTR_SWARMSCOPE_COST_AMOUNT) ?? 0) : sum,
          0,
        );
  const { input, output } = usage.tokens;
  return {
    spans: report.spanCount,
    openSpans: trouble.openCount,
    busy: running.length,
    waiting: running.filter(({ category }) => CATEGORIES[category]?.startsWith('wait:')).length,
    peak: picture.peak,
    tasks: countsOf(picture, state),
    llm: { calls: usage.calls, inFlight: state === 'live' ? [...facts.llm.calls].filter(({ isOpen }) => isOpen).length : 0 },
    refused: { count: trouble.rateLimited.count, lastMinute: state === 'live' ? refusedSince(facts, endMs - MINUTE_MS) : 0 },
    ...(usage.calls === 0 || (input === undefined && output === undefined) ? {} : { tokens: { input: input ?? 0, output: output ?? 0 } }),
    ...(usage.cost.amount === undefined ? {} : { cost: { amount: usage.cost.amount, perMinute: lastCost / minutes } }),
    ...(state === 'live'
      ? {
          nowBy: [...nowBy]
            .map(([category, lanes]) => ({ category: CATEGORIES[category] ?? 'other', lanes }))
            .sort((a, b) => b.lanes - a.lanes),
        }
      : {}),
    byCategory: laneTime.byCategory,
    full: state === 'live' ? strips.full().map(({ id, label, used, limit, share }) => ({ id, label, used, limit, share })) : [],
  };
}

type Whole = ReturnType<typeof wholeSegments>;

/** Up to which length segments have to go. */
function leastOf(lanes: readonly Whole[], count: number): number {
  const durations = Float64Array.from(lanes.flatMap((lane) => lane.map(({ start, end }) => end - start))).sort();
  return durations[count - MAX_SEGMENTS] ?? 0;
}

/** The shortest segments go first: each becomes part of what was before it in its lane. */
function merged(lanes: readonly Whole[], leastMs: number): Whole[] {
  return lanes.map((lane) => {
    const kept: Whole = [];
    for (const segment of lane) {
      const last = kept.at(-1);
      if (last !== undefined && segment.end - segment.start <= leastMs && last.end === segment.start)
        kept[kept.length - 1] = { ...last, end: segment.end };
      else kept.push(segment);
    }
    return kept;
  });
}
