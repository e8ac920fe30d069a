/**
 * Session files as a second witness of calls: what processes of a run wrote down. Pure. Which of these calls somebody else has seen as
 * well, and whose word counts then, is found by whoever has both: `analysis/distinct-calls.ts`.
 */
import { matchSessions, type Evidence, type RunningAgent } from './match.ts';
import type { SessionStore } from './store.ts';
import type { Session, SessionCall } from './types.ts';

export interface WitnessedCall {
  readonly pid: number;
  /** Id of the conversation: that of the session, also for calls of its sub-agents. */
  readonly sessionId: string;
  /** How the session of the process is known. */
  readonly by: Evidence;
  readonly call: SessionCall;
}

export interface Witness {
  readonly calls: readonly WitnessedCall[];
  /** Processes whose session is not certain: nothing is said for them. */
  readonly ambiguous: readonly number[];
}

export interface WitnessedProcess extends RunningAgent {
  /** undefined while it runs. */
  readonly endMs?: number | undefined;
}

/** A file is written, and a process noticed, a little later than it was. */
const SKEW_MS = 2_000;

/** The calls of these processes, each within its lifetime. Sessions of which `isWhole` says no were not read to their end: none of them. */
export function witness(
  store: SessionStore,
  processes: readonly WitnessedProcess[],
  isWhole: (session: Session) => boolean = () => true,
): Witness {
  const matches = matchSessions(processes, store.sessions.values());
  const calls: WitnessedCall[] = [];
  const ambiguous: number[] = [];
  for (const { pid, startMs: fromMs, endMs: toMs = Infinity } of processes) {
    const match = matches.get(pid);
    if (match?.state === 'ambiguous') ambiguous.push(pid);
    if (match?.state !== 'known') continue;
    const ids = new Map(match.sessions.map(({ key, id }) => [key, id]));
    for (const session of store.sessions.values()) {
      const sessionId = ids.get(session.key) ?? ids.get(session.parentKey ?? '');
      if (sessionId === undefined || !isWhole(session)) continue;
      for (const call of store.callsOf(session)) {
        // What it took over, and what the session had before this process went on with it.
        if (call.isCopied === true || call.endMs < fromMs || call.startMs > toMs + SKEW_MS) continue;
        calls.push({ pid, sessionId, by: match.by, call });
      }
    }
  }
  return { calls: calls.sort((a, b) => a.call.startMs - b.call.startMs), ambiguous };
}
