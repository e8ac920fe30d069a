/** A silence of an agent in words, the same in the report, on the page and in what is said while a run goes on. */
import { duration, percent } from './numbers.ts';
import type { SilentAgent } from './sections/silent.ts';

export interface Silence {
  /** `stopped`, `waits_for_child`, `connected` (to another machine) or `quiet`. */
  readonly reason: string | undefined;
  /** Name of the program that it waits for. */
  readonly child: string | undefined;
}

/** Undefined where nothing but the silence is known. @example whySilent({ reason: 'stopped', child: undefined }, true) // 'it was stopped' */
export function whySilent({ reason, child }: Silence, isOver: boolean): string | undefined {
  if (reason === 'stopped') return isOver ? 'it was stopped' : 'it is stopped';
  if (reason === 'connected') return `it ${isOver ? 'held' : 'holds'} a connection to another machine`;
  return child === undefined ? undefined : `it ${isOver ? 'waited' : 'waits'} for its child ${child}`;
}

/** No more than is known: whether it hung, or waited for an answer that took long, is not. */
export function silenceText(agent: SilentAgent, runStartMs: number): string {
  const { label, worktree, startMs, silentMs, share, isAtEnd } = agent;
  const where = worktree === undefined || label.includes(worktree) ? '' : ` (worktree ${worktree})`;
  const until = isAtEnd ? ', and gave no sign again' : '';
  const since = duration(Math.max(0, startMs - runStartMs));
  const why = whySilent(agent, true);
  const tail = why === undefined ? '' : `: ${why}`;
  return `${label}${where} was silent for ${duration(silentMs)} (${percent(share)} of the run) from ${since} on${until}${tail}`;
}
