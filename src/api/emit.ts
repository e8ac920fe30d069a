/** The verb for events: what happened, told once, with the span in which it happened. */
import { recorderOf } from './recorder-of.ts';

/** Options of {@link emit}. */
export interface EventDescription {
  /** What happened: `agent.handoff`, `approval.granted`, `deploy.started`. */
  kind: string;
  /** Default: the agent that is under way. */
  agent?: string;
  /** Id of the task. Default: the task that is under way. */
  task?: string;
  tool?: string;
  /** Who hands over, and to whom. */
  from?: string;
  to?: string;
  /** Of a task. */
  stage?: string;
  previousStage?: string;
  /** How it came out: one of a few words. */
  outcome?: string;
  /** Why: one of a few words, no sentence. */
  reason?: string;
  /** With the kind `policy.decision.made`: which policy decided, and its version; its `outcome` is `allow`, `deny` or `require_approval`. */
  policy?: string;
  version?: string;
  /** Tokens in use, of how many. */
  tokens?: number;
  limit?: number;
  usd?: number;
  /** Plain data; recorded only where content is captured. */
  data?: unknown;
  /** Epoch milliseconds. Default: now. */
  time?: number;
}

/**
 * Tells that something happened, as an OpenTelemetry event below the span that is under way. Answers which field was wrong, if one
 * was: an event without a proper kind is not told, any other wrong field is left out of it.
 * @example emit({ kind: 'approval.granted', task: change.id, reason: 'small_change' });
 */
export function emit(event: EventDescription): string | undefined {
  try {
    return recorderOf()?.emit(event);
  } catch {
    // A recorder of another version, which knows no events.
    return undefined;
  }
}
