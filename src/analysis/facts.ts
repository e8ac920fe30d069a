/** What the sections of the report are computed from, found once per run: each thing has one definition and one list. */
import { findAgents, nameLoneAgents, type Agents } from './agents.ts';
import { attribute, type Attribution } from './attribution.ts';
import { findBackoffs, refusalReason, type Backoff } from './backoff.ts';
import { isInferredTool } from './categories.ts';
import { findCalls, type DistinctCalls } from './distinct-calls.ts';
import { findGit, type GitCommands } from './git-commands.ts';
import { labelsOf, type LabelOf } from './labels.ts';
import { findLanes, type Lanes } from './lanes.ts';
import { findMissing, type Missing } from './missing.ts';
import type { RunData } from './model.ts';
import { observe, type Observation } from './observation.ts';
import { findOccupants } from './occupants.ts';
import { findServers } from './servers.ts';
import { lookThroughSideJobs } from './side-jobs.ts';
import { buildTree, type SpanNode, type SpanTree } from './span-tree.ts';
import { findToldTwice } from './tools-told-twice.ts';
import { groupBy } from './group-by.ts';

/** Lists of spans are in the order of the tree: every parent before its children. */
export interface RunFacts {
  readonly data: RunData;
  readonly tree: SpanTree;
  readonly wallMs: number;
  readonly observation: Observation;
  readonly missing: Missing;
  readonly tasks: readonly SpanNode[];
  readonly llm: DistinctCalls;
  readonly agents: Agents;
  /** Each once: without the inferred ones that another sender told as well. */
  readonly tools: readonly SpanNode[];
  /** Tools of one answer that are known by one gap between two calls: how long each of them took is not known. */
  readonly sharedGaps: ReadonlySet<SpanNode>;
  readonly git: GitCommands;
  /** Child processes that are no git, agent CLIs among them. */
  readonly children: readonly SpanNode[];
  /** Refused attempts of LLM calls, and why they were refused. */
  readonly refusals: ReadonlyMap<SpanNode, string>;
  readonly backoffs: readonly Backoff[];
  /** Processes that are left running, and what they started. */
  readonly servers: ReadonlySet<SpanNode>;
  readonly lanes: Lanes;
  /** What a task, or an agent where there are no tasks, is called. */
  readonly labelOf: LabelOf;
  readonly attribution: Attribution;
}

export function factsOf(data: RunData): RunFacts {
  const tree = buildTree(data);
  lookThroughSideJobs(tree);
  nameLoneAgents(tree);
  const observation = observe(tree, data);
  const backoffs = findBackoffs(tree);
  const servers = findServers(tree);
  const lanes = findLanes(findOccupants(tree, servers, backoffs), data);
  const of = (kind: SpanNode['class']): SpanNode[] => tree.topDown.filter((node) => node.class === kind);
  const toldTwice = findToldTwice(of('tool'));
  return {
    data,
    tree,
    wallMs: tree.endMs - tree.startMs,
    observation,
    missing: findMissing(data),
    tasks: of('task'),
    llm: findCalls(tree),
    agents: findAgents(tree),
    tools: of('tool').filter((tool) => !toldTwice.has(tool)),
    sharedGaps: findSharedGaps(of('tool')),
    git: findGit(tree),
    children: of('process'),
    refusals: findRefusals(tree),
    backoffs,
    servers,
    lanes,
    labelOf: labelsOf(lanes.occupants),
    attribution: attribute({ tree, lanes, backoffs, servers, observation }),
  };
}

function findRefusals(tree: SpanTree): Map<SpanNode, string> {
  const refusals = new Map<SpanNode, string>();
  for (const node of tree.topDown) {
    const reason = refusalReason(node);
    if (reason !== undefined) refusals.set(node, reason);
  }
  return refusals;
}

function findSharedGaps(tools: readonly SpanNode[]): Set<SpanNode> {
  const gaps = groupBy(tools.filter(isInferredTool), ({ row: { traceId, parentSpanId = '', startMs, endMs } }) => {
    return `${traceId}:${parentSpanId}:${startMs}:${endMs ?? ''}`;
  });
  return new Set([...gaps.values()].filter(({ length }) => length > 1).flat());
}
