/** The LLM calls of a run, each once: one exchange may be told by the wire, by the gateway, by a library and by the agent itself. */
import { EVIDENCES, START_SLACK_MS, type Evidence } from './call-evidence.ts';
import { tellerKey } from './call-tellers.ts';
import { disagreementsOf, mergeFacts, worthOf, type Disagreement } from './call-facts.ts';
import type { SpanNode, SpanTree } from './span-tree.ts';

export type { Disagreement } from './call-facts.ts';

export interface DistinctCalls {
  /** Of several spans of one call the one with the best price, with what the others know besides. The most telling one first. */
  readonly calls: ReadonlySet<SpanNode>;
  /** Spans left out because another span tells the same call. Calls around calls are not among them. */
  readonly duplicates: number;
  /** Facts of which two spans of one call say different things. */
  readonly disagreements: readonly Disagreement[];
  /** All spans of a call that was told more than once, the one that is counted among them. */
  readonly witnesses: ReadonlyMap<SpanNode, readonly SpanNode[]>;
}

/** Spans of one exchange, no two of them by one sender. */
type Witnesses = SpanNode[];

/** Gives the spans that are counted what the others know besides: `row` of a node of the tree is replaced. */
export function findCalls(tree: SpanTree): DistinctCalls {
  const groups = new Map<SpanNode, Witnesses>();
  const leaves = innermost(tree).sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  for (const evidence of EVIDENCES) joinWitnesses(leaves, groups, evidence);
  const calls = new Set<SpanNode>();
  const byWorth = leaves.map((node) => ({ node, worth: worthOf(node) })).sort((a, b) => b.worth - a.worth);
  for (const { node } of byWorth) if (!groups.get(node)?.some((other) => calls.has(other))) calls.add(node);
  const witnesses = new Map([...calls].flatMap((node) => (groups.has(node) ? [[node, groups.get(node) ?? []] as const] : [])));
  const disagreements = disagreementsOf(witnesses);
  for (const [node, group] of witnesses) node.row = mergeFacts(node, group);
  return { calls, duplicates: leaves.length - calls.size, disagreements, witnesses };
}

/** Of LLM spans inside each other the innermost: the outer ones tell the same call from further away. */
function innermost(tree: SpanTree): SpanNode[] {
  const calls = tree.topDown.filter((node) => node.class === 'llm');
  const outer = new Set<SpanNode>();
  const leave = (from: SpanNode | undefined): void => {
    for (let at = from; at !== undefined && !outer.has(at); at = at.parent) if (at.class === 'llm') outer.add(at);
  };
  const linked = linkedSpans(tree, calls);
  for (const node of calls) {
    leave(node.parent);
    // What the program's own SDK tells of the call is no parent of ours, but the span that the call took place in.
    for (const around of linked(node)) if (around.row.scopeName !== node.row.scopeName) leave(around);
  }
  return calls.filter((node) => !outer.has(node));
}

/** The spans that a call is linked to. */
function linkedSpans(tree: SpanTree, calls: readonly SpanNode[]): (call: SpanNode) => SpanNode[] {
  if (calls.every(({ row }) => row.links.length === 0)) return () => [];
  const keyOf = ({ traceId, spanId }: SpanNode['row']['links'][number]): string => `${traceId}${spanId}`;
  const byId = new Map(tree.topDown.map((node) => [keyOf(node.row), node]));
  return ({ row }) => row.links.flatMap((link) => byId.get(keyOf(link)) ?? []);
}

function isOfOneTeller(spans: readonly SpanNode[]): boolean {
  const [first] = spans;
  const teller = first === undefined ? '' : tellerKey(first);
  return spans.every((node) => tellerKey(node) === teller);
}

/**
 * Each span joins the nearest spans of its key that are under way and that it is the same call as, all of them. Those of its own teller
 * are other calls, and not looked at: with a thousand calls a second that nobody else tells, looking would take a minute.
 */
function joinWitnesses(byStart: readonly SpanNode[], groups: Map<SpanNode, Witnesses>, evidence: Evidence): void {
  // Where one teller told them all, and its spans are other calls, there is nobody to agree with.
  if (evidence.isAlsoOfOneTeller !== true && isOfOneTeller(byStart)) return;
  const underWay = new Map<string, Map<string, Set<SpanNode>>>();
  for (const node of byStart) {
    const key = evidence.keyOf(node);
    if (key === undefined) continue;
    const byTeller = underWay.get(key) ?? new Map<string, Set<SpanNode>>();
    underWay.set(key, byTeller);
    const teller = tellerKey(node);
    const own = groups.get(node) ?? [node];
    let best: Witnesses | undefined;
    let bestMs = Infinity;
    for (const [told, others] of byTeller) {
      if (told === teller && evidence.isAlsoOfOneTeller !== true) continue;
      for (const other of others) {
        if (other.endMs + START_SLACK_MS < node.startMs) {
          others.delete(other);
          continue;
        }
        const apartMs = Math.abs(other.startMs - node.startMs) + Math.abs(other.endMs - node.endMs);
        if (apartMs >= bestMs) continue;
        const group = groups.get(other) ?? [other];
        if (group === own || !group.every((each) => own.every((mine) => evidence.isSame(mine, each)))) continue;
        [best, bestMs] = [group, apartMs];
      }
    }
    const same = byTeller.get(teller);
    if (same === undefined) byTeller.set(teller, new Set([node]));
    else same.add(node);
    if (best === undefined) continue;
    const joined = [...best, ...own];
    for (const each of joined) groups.set(each, joined);
  }
}
