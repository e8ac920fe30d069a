/** For a while the provider took a multiple of its time per output token. */
import * as names from '../../semconv/index.ts';
import { groupBy } from '../group-by.ts';
import type { Schedule } from '../schedule/index.ts';
import { median, quantile } from '../statistics.ts';
import { textOf, tokensOf, type SpanNode } from '../span-tree.ts';
import { byLoss } from './by-loss.ts';
import { spoken, spokenTimes, type FindingRule } from './finding.ts';
import { lossOf } from './losses.ts';
import type { Lost } from './losses/lost.ts';

/** Calls slower than this against the rest of the run are slow. */
const TIMES = 1.7;
const MIN_CALLS = 4;
/** Of the calls in the window so many are slow, and of those outside so few. */
const MIN_SLOW_INSIDE = 0.7;
const MAX_SLOW_OUTSIDE = 0.25;

/** A line through more calls is no better, and costs their square. */
const MAX_POINTS = 80;

interface Paced {
  readonly node: SpanNode;
  readonly ratio: number;
}

export const slowLlm: FindingRule = {
  kind: 'slow_llm',
  find: (examined) => {
    const lost = slowWindow(examined.schedule);
    return byLoss(examined, lossOf(examined.schedule, lost), {
      confidence: 0.8,
      assumptions: ['the calls of the slow time need no more than those of the rest of the run'],
      action: (all, savedMs) =>
        `Send calls elsewhere while a provider is slow: ${spokenTimes(all.length, 'call')} took a multiple per output token, which cost about ${spoken(savedMs)}.`,
      where: (all) => ({ models: all.map(({ node }) => textOf(node.row.attributes, names.ATTR_GEN_AI_REQUEST_MODEL)) }),
    });
  },
};

function slowWindow({ facts, units }: Schedule): Lost[] {
  const calls = [...facts.llm.calls].filter(
    (node) => !node.isOpen && !node.row.isError && (tokensOf(node.row.attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) ?? 0) >= 10,
  );
  const paced = [...groupBy(calls, ({ row }) => textOf(row.attributes, names.ATTR_GEN_AI_REQUEST_MODEL) ?? '').values()].flatMap(paceOf);
  if (paced.length < 2 * MIN_CALLS) return [];
  const byStart = paced.sort((a, b) => a.node.startMs - b.node.startMs);
  const [from, to] = densest(byStart.map(({ ratio }) => ratio > TIMES));
  const inside = byStart.slice(from, to);
  const outside = [...byStart.slice(0, from), ...byStart.slice(to)];
  const slow = (list: readonly Paced[]): number => list.filter(({ ratio }) => ratio > TIMES).length / Math.max(1, list.length);
  if (inside.length < MIN_CALLS || outside.length < MIN_CALLS || slow(inside) < MIN_SLOW_INSIDE || slow(outside) > MAX_SLOW_OUTSIDE)
    return [];
  if (new Set(inside.map(({ node }) => units.unitOf.get(node))).size < Math.min(2, units.all.length)) return [];
  const typical = (list: readonly Paced[]): number => median(list.map(({ ratio }) => ratio));
  const times = typical(inside) / typical(outside);
  if (times < TIMES) return [];
  return inside.map(({ node }) => {
    const ms = (node.endMs - node.startMs) * (1 - 1 / times);
    return { node, unit: units.unitOf.get(node), startMs: node.endMs - ms, endMs: node.endMs, isWork: true };
  });
}

/**
 * The time of each call against what its output makes one expect, by the line through calls of the same model (Theil and Sen: the median
 * of slopes), and then against the lower half of the calls, so that a long slow time does not hide itself.
 */
function paceOf(calls: readonly SpanNode[]): Paced[] {
  if (calls.length < MIN_CALLS) return [];
  const points = calls.map((node) => ({
    tokens: tokensOf(node.row.attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) ?? 0,
    ms: node.endMs - node.startMs,
  }));
  const step = Math.max(1, Math.floor(points.length / MAX_POINTS));
  const some = points.filter((_each, index) => index % step === 0);
  const slopes = some.flatMap((a, index) =>
    some.slice(index + 1).flatMap((b) => (a.tokens === b.tokens ? [] : [(b.ms - a.ms) / (b.tokens - a.tokens)])),
  );
  const slope = slopes.length === 0 ? 0 : Math.max(0, median(slopes));
  const base = Math.max(0, median(some.map(({ tokens, ms }) => ms - slope * tokens)));
  const ratios = points.map(({ tokens, ms }) => ms / Math.max(1, base + slope * tokens));
  const typical = quantile(ratios, 0.35);
  return typical <= 0 ? [] : calls.map((node, index) => ({ node, ratio: (ratios[index] ?? 0) / typical }));
}

/** The stretch with the most slow calls against others, each other one counting twice: Kadane's maximum sum. */
function densest(isSlow: readonly boolean[]): [number, number] {
  let best = 0;
  let found: [number, number] = [0, 0];
  let sum = 0;
  let from = 0;
  isSlow.forEach((slow, index) => {
    sum += slow ? 1 : -2;
    if (sum <= 0) {
      sum = 0;
      from = index + 1;
    } else if (sum > best) {
      best = sum;
      found = [from, index + 1];
    }
  });
  return found;
}
