/** Processes that go on after whoever started them has ended. Pure. */
import type { SeenProcess } from './tree.ts';

export interface LeftBehind {
  readonly process: SeenProcess;
  /** The nearest agent above, else the nearest program that is no shell. */
  readonly starter: SeenProcess;
  readonly isStarterAgent: boolean;
  readonly starterEndMs: number;
}

/** A build that is being stopped takes a while; from then on a process that goes on is an orphan. */
export const ORPHAN_MS = 60_000;

const SHELL = 'shell';
/** Protects from a line of parents without an end. */
const MAX_DEPTH = 64;

/** Each the topmost of what was left: what runs below it is its own. Below the program of the run, which lives, nothing is left. */
export function leftBehind(processes: readonly SeenProcess[]): LeftBehind[] {
  return processes.flatMap((process): LeftBehind[] => {
    const isLeft = process.endMs === undefined && process.parent?.endMs !== undefined && !process.facts.isFork;
    const found = isLeft ? starterOf(process) : undefined;
    return found?.starter.endMs === undefined ? [] : [{ process, ...found, starterEndMs: found.starter.endMs }];
  });
}

export interface Orphaned {
  /** Name of whoever started it. */
  readonly starter: string;
  readonly starterEndMs: number;
  /** How long it has gone on since, or did. */
  readonly ms: number;
}

/** undefined: whoever started it has not ended, or not for long enough before its own end. */
export function orphanedFor(process: SeenProcess, nowMs: number): Orphaned | undefined {
  if (process.parent?.endMs === undefined || process.facts.isFork) return undefined;
  const { starter } = starterOf(process) ?? {};
  if (starter?.endMs === undefined) return undefined;
  const ms = (process.endMs ?? nowMs) - starter.endMs;
  return ms < ORPHAN_MS ? undefined : { starter: starter.facts.agentName ?? starter.facts.executable, starterEndMs: starter.endMs, ms };
}

function starterOf(process: SeenProcess): Pick<LeftBehind, 'starter' | 'isStarterAgent'> | undefined {
  let program: SeenProcess | undefined;
  let depth = 0;
  for (let at = process.parent; at !== undefined && depth < MAX_DEPTH; at = at.parent, depth += 1) {
    // A launcher and the agent that it starts are one.
    if (at.facts.agentName !== undefined && at.facts.agentName !== process.facts.agentName) return { starter: at, isStarterAgent: true };
    if (at.facts.kind !== SHELL) program ??= at;
  }
  return program === undefined ? undefined : { starter: program, isStarterAgent: false };
}
