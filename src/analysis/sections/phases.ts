/** The phases that a program declares (scout, plan, build): how long each took, and what the calls in it used. */
import * as names from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import { innermostAbove, textOf, type SpanNode } from '../span-tree.ts';
import { sumCost, sumTokens, type Cost, type Tokens } from './usage-sums.ts';

export interface RunPhase {
  readonly name: string;
  readonly times: number;
  /** Of all of that name, those at the same time each for itself. */
  readonly durationMs: number;
  readonly failed: number;
  /** Calls, tokens and cost are those whose innermost phase has this name: each call counts in one phase. */
  readonly calls: number;
  readonly tokens: Tokens;
  readonly cost: Cost;
}

/** A program may make names up. */
const MAX_PHASES = 50;

/** In the order in which they began first. */
export function phases(facts: RunFacts): RunPhase[] {
  const {
    tree,
    missing: { isIncomplete },
  } = facts;
  const inPhase = callsByPhase(facts);
  const all = tree.topDown.filter((node) => node.class === 'phase').toSorted((a, b) => a.startMs - b.startMs);
  const byName = groupBy(all, phaseName);
  return [...byName].slice(0, MAX_PHASES).map(([name, own]) => {
    const calls = inPhase.get(name) ?? [];
    return {
      name,
      times: own.length,
      durationMs: own.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
      failed: own.filter(({ row }) => row.isError).length,
      calls: calls.length,
      tokens: sumTokens(calls),
      cost: sumCost(calls, isIncomplete),
    };
  });
}

function phaseName({ row }: SpanNode): string {
  return textOf(row.attributes, names.ATTR_SWARMSCOPE_PHASE_NAME) ?? row.name;
}

/** What is in no phase, and in no task: a name of no program. */
export const OUTSIDE = Symbol('outside');

/** The calls by the innermost phase around each. */
export function callsByPhase({ llm }: RunFacts): Map<string | symbol, SpanNode[]> {
  return groupBy<SpanNode, string | symbol>(llm.calls, (call) => {
    const phase = innermostAbove(call, ({ class: kind }) => kind === 'phase');
    return phase === undefined ? OUTSIDE : phaseName(phase);
  });
}
