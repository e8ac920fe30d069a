/** What several sections of the report are computed from, found once per run. */
import { attribute, type Attribution } from './attribution.ts';
import { findCalls, type DistinctCalls } from './distinct-calls.ts';
import { findLanes, type Lanes } from './lanes.ts';
import type { RunData } from './model.ts';
import { buildTree, type SpanNode, type SpanTree } from './span-tree.ts';

export interface RunFacts {
  readonly data: RunData;
  readonly tree: SpanTree;
  readonly wallMs: number;
  /** In the order of the tree: every parent before its children. */
  readonly tasks: readonly SpanNode[];
  readonly llm: DistinctCalls;
  readonly lanes: Lanes;
  readonly attribution: Attribution;
}

export function factsOf(data: RunData): RunFacts {
  const tree = buildTree(data);
  const lanes = findLanes(tree, data);
  return {
    data,
    tree,
    wallMs: tree.endMs - tree.startMs,
    tasks: tree.topDown.filter((node) => node.class === 'task'),
    llm: findCalls(tree),
    lanes,
    attribution: attribute(tree, lanes),
  };
}
