/** How much of the run was seen at all: without that, the rest of the report would be taken for the whole. */
import type { RunFacts } from '../facts.ts';
import { languagesOf, type Language } from '../languages.ts';
import { cut } from '../observation.ts';

export interface ObservationReport {
  /** Nothing but the run itself: no process told anything, and no git command was seen. */
  readonly isNothingSeen: boolean;
  /** Whether anything was seen that belongs to a swarm, such as a task, an agent or an LLM call. */
  readonly isSwarmSeen: boolean;
  /** Processes that ran and told nothing. */
  readonly unseen: { readonly count: number; readonly byName: readonly { readonly name: string; readonly count: number }[] };
  /** Kinds of processes that may have run and would tell nothing; how many is not known. */
  readonly uncounted: readonly string[];
  /** Wall time in which no process lived that tells of itself, and no call, git command or the like was seen from outside. */
  readonly unobservedMs: number;
  /** Of the programs that were seen by name, which are those that ran for long enough and the command itself. */
  readonly languages: readonly Language[];
  /** Calls of every language were led through the gateway. */
  readonly isGatewayUsed: boolean;
}

export function observation({ data, tree, observation: { isNothingSeen, isSwarmSeen, seenWork } }: RunFacts): ObservationReport {
  const byName = (data.unseen ?? []).filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count);
  const gaps = cut(tree, seenWork).filter(({ isSeen }) => !isSeen);
  return {
    isNothingSeen,
    isSwarmSeen,
    unseen: { count: byName.reduce((sum, { count }) => sum + count, 0), byName },
    uncounted: (data.unseen ?? []).filter(({ count }) => count === 0).map(({ name }) => name),
    unobservedMs: gaps.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    languages: languagesOf(data, tree),
    isGatewayUsed: data.isGatewayUsed ?? false,
  };
}
