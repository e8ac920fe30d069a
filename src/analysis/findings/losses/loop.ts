/** Rounds of an agent that repeat the same call, or two alternating ones, with the same result. */
import * as names from '../../../semconv/index.ts';
import { groupBy } from '../../group-by.ts';
import type { Schedule } from '../../schedule/index.ts';
import { textOf, textsOf, tokensOf, type SpanNode } from '../../span-tree.ts';
import type { Lost } from './lost.ts';
import { unexplainedIn } from './unexplained.ts';

/** So many times the same is a loop (OpenHands' detector of stuck agents has the same number). */
export const MIN_ROUNDS = 4;
/** Sizes of equal results differ by an id or a date. */
const SAME_SIZE = 0.02;
/** Of a row of rounds so many, less one, may have been lost. */
const MAX_LOST_TOGETHER = 3;

interface Round {
  readonly call: SpanNode;
  readonly tools: readonly SpanNode[];
  readonly names: string;
  /** Of arguments and results, where these were recorded. */
  readonly hashes: string | undefined;
  readonly outputTokens: number | undefined;
  /** By how much the next call's input is longer. */
  readonly grownBy: number | undefined;
  readonly endMs: number;
}

export function loopLoss(schedule: Schedule): Lost[] {
  const { facts, units } = schedule;
  const calls = [...facts.llm.calls].filter((node) => !facts.refusals.has(node)).sort((a, b) => a.startMs - b.startMs);
  const tools = groupBy(facts.tools, (node) => placeOf(node, units.unitOf));
  const found: Lost[] = [];
  for (const [place, own] of groupBy(calls, (node) => placeOf(node, units.unitOf))) {
    const rounds = roundsOf(
      own,
      (tools.get(place) ?? []).toSorted((a, b) => a.startMs - b.startMs),
    );
    for (const loop of loopsIn(rounds, unexplainedIn(schedule) !== undefined)) {
      const [first, last] = [loop[0] as Round, loop.at(-1) as Round];
      for (const round of loop) {
        const unit = units.unitOf.get(round.call);
        found.push({ node: round.tools[0] ?? round.call, unit, startMs: round.call.startMs, endMs: round.endMs, isWork: true });
      }
      found.push({ node: first.call, unit: units.unitOf.get(first.call), startMs: first.call.startMs, endMs: last.endMs, isWork: true });
    }
  }
  return found;
}

/** One conversation: calls of one agent or process of one unit. */
function placeOf(node: SpanNode, unitOf: Schedule['units']['unitOf']): string {
  const unit = unitOf.get(node);
  let at = node.parent;
  while (at !== undefined && at.class !== 'agent' && at.class !== 'task' && at !== unit?.node) at = at.parent;
  return `${unit?.index ?? ''}:${at?.row.spanId ?? ''}`;
}

function roundsOf(calls: readonly SpanNode[], tools: readonly SpanNode[]): Round[] {
  let next = 0;
  return calls.map((call, index): Round => {
    const following = calls[index + 1];
    const own: SpanNode[] = [];
    while (next < tools.length && (tools[next] as SpanNode).startMs < (following?.startMs ?? Infinity)) {
      const tool = tools[next++] as SpanNode;
      if (tool.startMs >= call.startMs) own.push(tool);
    }
    const { attributes } = call.row;
    const called = textsOf(attributes, names.ATTR_SWARMSCOPE_TOOL_CALLED_NAMES);
    const toolNames =
      own.length > 0 ? own.map((tool) => textOf(tool.row.attributes, names.ATTR_GEN_AI_TOOL_NAME) ?? tool.row.name) : called;
    const hashes = own.map(({ row }) => {
      const of = [names.ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH, names.ATTR_SWARMSCOPE_TOOL_CALL_RESULT_HASH];
      const values = of.map((name) => textOf(row.attributes, name));
      return values.every((value) => value === undefined) ? undefined : values.join(':');
    });
    const asked = textsOf(attributes, names.ATTR_SWARMSCOPE_TOOL_CALLED_HASHES);
    const input = tokensOf(attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS);
    const nextInput = following === undefined ? undefined : tokensOf(following.row.attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS);
    return {
      call,
      tools: own,
      names: toolNames.join(),
      hashes: hashes.length > 0 && hashes.every((hash) => hash !== undefined) ? hashes.join() : asked.length > 0 ? asked.join() : undefined,
      outputTokens: tokensOf(attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS),
      grownBy: input === undefined || nextInput === undefined ? undefined : nextInput - input,
      endMs: Math.max(call.endMs, ...own.map(({ endMs }) => endMs)),
    };
  });
}

function loopsIn(rounds: readonly Round[], isLossy: boolean): Round[][] {
  const loops: Round[][] = [];
  for (let at = 0; at < rounds.length;) {
    const lengths = [1, 2].map((period) => repeatedFrom(rounds, { at, period, isLossy }));
    const best = Math.max(...lengths);
    if (best === 0) {
      at++;
      continue;
    }
    loops.push(rounds.slice(at, at + best));
    at += best;
  }
  return loops;
}

interface Repetition {
  readonly at: number;
  readonly period: number;
  readonly isLossy: boolean;
}

/** How many rounds from `at` on repeat with a period; 0 for too few. */
function repeatedFrom(rounds: readonly Round[], { at, period, isLossy }: Repetition): number {
  if (at + period >= rounds.length) return 0;
  let length = period;
  while (at + length < rounds.length && isSame(rounds[at + length - period] as Round, rounds[at + length] as Round, isLossy)) length++;
  if (period === 2 && length >= 2 && isSame(rounds[at] as Round, rounds[at + 1] as Round, isLossy)) return 0;
  return length >= MIN_ROUNDS * period ? length : 0;
}

function isSame(a: Round, b: Round, isLossy: boolean): boolean {
  const isNamed = a.names !== '' && b.names !== '';
  // Of a round whose tool was lost only the sizes are known.
  if (isNamed ? a.names !== b.names : !isLossy) return false;
  if (a.hashes !== undefined && b.hashes !== undefined) {
    return a.hashes === b.hashes && (a.grownBy === undefined || b.grownBy === undefined || isNear(a.grownBy, b.grownBy));
  }
  if (a.outputTokens === undefined || a.outputTokens !== b.outputTokens) return false;
  // The last round of a conversation has no next call to tell the size of its result.
  if (a.grownBy === undefined) return false;
  // A result that never came into the conversation was not seen: calls of one size are no loop then.
  if (a.grownBy <= 0) return false;
  return b.grownBy === undefined || isNear(a.grownBy, b.grownBy) || (isLossy && isMultiple(a.grownBy, b.grownBy));
}

/** Rounds whose calls were lost make the next one look as long as all of them. */
function isMultiple(a: number, b: number): boolean {
  const [less, more] = a < b ? [a, b] : [b, a];
  if (less <= 0) return false;
  // Either may stand for several rounds: of two and three, both are so many times what one adds.
  return [1, 2].some((rounds) => {
    const times = Math.round((more * rounds) / less);
    return times > 1 && times <= MAX_LOST_TOGETHER && isNear((less / rounds) * times, more);
  });
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(2, SAME_SIZE * Math.max(Math.abs(a), Math.abs(b)));
}
