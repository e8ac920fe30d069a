/** The phases that a program declares (scout, plan, build): how long each took, and what the calls in it used. */
import * as names from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import { textOf, type SpanNode } from '../span-tree.ts';
import { sumCost, sumTokens, type Cost, type Tokens } from './usage-sums.ts';

export interface RunPhase {
  readonly name: string;
  readonly times: number;
  /** Of all of that name, those at the same time each for itself. */
  readonly durationMs: number;
  readonly failed: number;
  readonly calls: number;
  readonly tokens: Tokens;
  readonly cost: Cost;
}

/** A program may make names up. */
const MAX_PHASES = 50;

/** In the order in which they began first. */
export function phases({ tree, llm, missing: { isIncomplete } }: RunFacts): RunPhase[] {
  const all = tree.topDown.filter((node) => node.class === 'phase').toSorted((a, b) => a.startMs - b.startMs);
  const byName = groupBy(all, phaseName);
  return [...byName].slice(0, MAX_PHASES).map(([name, own]) => {
    const calls = callsIn(own).filter((node) => llm.calls.has(node));
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

export function phaseName({ row }: SpanNode): string {
  return textOf(row.attributes, names.ATTR_SWARMSCOPE_PHASE_NAME) ?? row.name;
}

/** Each once, where phases of one name lie within each other. */
function callsIn(roots: readonly SpanNode[]): SpanNode[] {
  const found = new Set<SpanNode>();
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.class === 'llm') found.add(node);
    for (const child of node.children) stack.push(child);
  }
  return [...found];
}
