/** Agents that gave no sign for long: which, where, since when, and on what they waited. */
import * as names from '../../semconv/index.ts';
import { processBelow } from '../agents.ts';
import type { RunFacts } from '../facts.ts';
import { numberOf, textOf } from '../span-tree.ts';

export interface SilentAgent {
  /** As in the list of agents. */
  readonly label: string;
  readonly worktree: string | undefined;
  readonly pid: number | undefined;
  readonly startMs: number;
  readonly silentMs: number;
  /** Of the wall time of the run. */
  readonly share: number;
  /** It never gave a sign again. */
  readonly isAtEnd: boolean;
  /** `stopped`, `waits_for_child`, `connected` (to another machine) or `quiet`. */
  readonly reason: string | undefined;
  /** Name of the program that it waited for. */
  readonly child: string | undefined;
}

/** A silence that the agent came back from is told from this part of the run on. */
const NOTABLE_SHARE = 0.1;
/** Its end is seen by the scan after it, and its last silence was last looked at before. */
const END_MS = 2_000;

/** The longest silence of each agent that is worth a look, the longest first. */
export function silent({ agents, wallMs, labelOf }: RunFacts): readonly SilentAgent[] {
  const found = agents.own.flatMap((agent): SilentAgent[] => {
    const node = [processBelow(agent), agent].find((each) => each?.row.attributes[names.ATTR_SWARMSCOPE_PROCESS_SILENT_TIME] !== undefined);
    if (node === undefined) return [];
    const { attributes } = node.row;
    const silentMs = (numberOf(attributes, names.ATTR_SWARMSCOPE_PROCESS_SILENT_TIME) ?? 0) * 1_000;
    const startMs = node.row.startMs + (numberOf(attributes, names.ATTR_SWARMSCOPE_PROCESS_SILENT_AFTER) ?? 0) * 1_000;
    const one = {
      label: labelOf(agent),
      worktree: textOf(attributes, names.ATTR_SWARMSCOPE_GIT_WORKTREE_NAME),
      pid: numberOf(attributes, names.ATTR_PROCESS_PID),
      startMs,
      silentMs,
      share: wallMs > 0 ? Math.min(1, silentMs / wallMs) : 0,
      isAtEnd: startMs + silentMs >= node.endMs - END_MS,
      reason: textOf(attributes, names.ATTR_SWARMSCOPE_PROCESS_SILENT_REASON),
      child: textOf(attributes, names.ATTR_SWARMSCOPE_PROCESS_SILENT_CHILD),
    };
    return one.isAtEnd || one.share >= NOTABLE_SHARE ? [one] : [];
  });
  return found.sort((a, b) => b.silentMs - a.silentMs);
}
