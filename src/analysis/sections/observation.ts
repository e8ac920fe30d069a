/** How much of the run was seen at all: without that, the rest of the report would be taken for the whole. */
import type { RunFacts } from '../facts.ts';
import { cut } from '../observation.ts';

export interface ObservationReport {
  /** Nothing but the run itself: no process told anything, and no git command was seen. */
  readonly isNothingSeen: boolean;
  /** Processes that ran and told nothing. */
  readonly unseen: { readonly count: number; readonly executables: readonly { readonly name: string; readonly count: number }[] };
  /** Wall time in which no process lived that was seen. */
  readonly unobservedMs: number;
}

export function observation({ tree, observation: { isNothingSeen, unseen, seen } }: RunFacts): ObservationReport {
  const executables = new Map<string, number>();
  for (const { executable } of unseen) executables.set(executable, (executables.get(executable) ?? 0) + 1);
  const gaps = cut(tree, seen).filter(({ isSeen }) => !isSeen);
  return {
    isNothingSeen,
    unseen: {
      count: unseen.length,
      executables: [...executables].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count),
    },
    unobservedMs: gaps.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
  };
}
