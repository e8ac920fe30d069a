/** Steps that took ten times what their like take, or that never ended. */
import * as names from '../../../semconv/index.ts';
import { groupBy } from '../../group-by.ts';
import type { Schedule } from '../../schedule/index.ts';
import { gapsOf } from './gaps.ts';
import { median } from '../../statistics.ts';
import { textOf, tokensOf, type SpanNode } from '../../span-tree.ts';
import type { Lost } from './lost.ts';

const TIMES = 10;
const MORE_MS = 30_000;
/** Of a silence, of which nothing but its length is known, more is asked. */
const SILENCE_MS = 60_000;

/** Compared with steps of the same name; where these are few, with all of its class. */
const MIN_LIKE = 3;

export function hangLoss(schedule: Schedule): Lost[] {
  const { facts } = schedule;
  const tools = new Set(facts.tools);
  const steps = facts.tree.topDown.filter((node) => {
    if (node.class === 'llm') return facts.llm.calls.has(node);
    // Several tools that are known by one gap have no time of their own.
    return node.class === 'tool' && tools.has(node) && !node.hasDeeperWork && !facts.sharedGaps.has(node);
  });
  return [...hungSteps(schedule, steps), ...silences(schedule)];
}

function hungSteps({ units, facts }: Schedule, steps: readonly SpanNode[]): Lost[] {
  const byName = groupBy(steps, ({ class: kind, row }) => `${kind} ${nameOf(row.attributes) ?? row.name}`);
  const byClass = groupBy(steps, ({ class: kind }) => kind);
  const found: Lost[] = [];
  for (const like of byName.values()) {
    const ended = like.filter(({ isOpen, durationMs }) => !isOpen && durationMs !== undefined);
    const hasLike = ended.length > MIN_LIKE;
    const others = hasLike ? ended : (byClass.get(like[0]?.class ?? 'llm') ?? []).filter(({ isOpen }) => !isOpen);
    if (others.length < MIN_LIKE) continue;
    const typicalMs = median(others.map(({ startMs, endMs }) => endMs - startMs));
    for (const node of like) {
      const ms = node.endMs - node.startMs;
      const longMs = Math.max(TIMES * typicalMs, typicalMs + MORE_MS);
      if (ms < longMs || facts.refusals.has(node) || isExplained(node, others)) continue;
      // A tool that is long by its nature looks like a hang among others: it must have ended badly or never.
      if (!hasLike && !node.isOpen && !node.row.isError) continue;
      found.push({ node, unit: units.unitOf.get(node), startMs: node.startMs + typicalMs, endMs: node.endMs, isWork: true });
    }
  }
  return found;
}

/** A long answer takes long: as many seconds per token as others is no hang. */
function isExplained(node: SpanNode, others: readonly SpanNode[]): boolean {
  const output = tokensOf(node.row.attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) ?? 0;
  if (node.class !== 'llm' || node.isOpen || output === 0) return false;
  const perToken = others.flatMap((other) => {
    const tokens = tokensOf(other.row.attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) ?? 0;
    return tokens > 0 ? [(other.endMs - other.startMs) / tokens] : [];
  });
  if (perToken.length === 0) return false;
  return (node.endMs - node.startMs) / output < 8 * median(perToken);
}

function nameOf(attributes: SpanNode['row']['attributes']): string | undefined {
  return textOf(attributes, names.ATTR_GEN_AI_TOOL_NAME) ?? textOf(attributes, names.ATTR_GEN_AI_REQUEST_MODEL);
}

/** A gap inside a unit in which nothing at all goes on, ten times what its other gaps take. */
function silences(schedule: Schedule): Lost[] {
  const { units, facts } = schedule;
  const { gaps, typicalMs, longestStepMs } = gapsOf(schedule);
  if (gaps.length < MIN_LIKE) return [];
  const longMs = Math.max(TIMES * typicalMs, typicalMs + SILENCE_MS, 1.5 * longestStepMs);
  const long = gaps.filter(
    (gap) => gap.endMs - gap.startMs >= longMs && !facts.backoffs.some((wait) => wait.startMs < gap.endMs && wait.endMs > gap.startMs),
  );
  // Silences that come again and again are waits that nobody declared, such as those for a person.
  return long.length > Math.max(1, units.all.length * 0.1)
    ? []
    : long.map((gap) => ({ ...gap, startMs: gap.startMs + typicalMs, isWork: true }));
}
