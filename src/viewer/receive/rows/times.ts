/** Puts the times of a sender on the clock of the run: the machine's clock may have been set, and others go wrong. */
import { clockSteps } from '../../../config/clock-steps.ts';
import { runClock, STEP_MS } from '../../../config/run-clock.ts';
import { addLoss, type Losses } from '../../../otlp/read/index.ts';

/** Before this no clock that matters ran; protects the picture of a run from one span of 1970. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
/** A clock ahead of ours by more than this is wrong beyond repair. */
const MAX_AHEAD_MS = 86_400_000;
/** The same for what is read from a file: its clock may be that of a simulation. Protects the picture from one span of the year 2554. */
const MAX_RECORD_AHEAD_MS = 20 * 365 * 86_400_000;

export interface Teller {
  readonly isOurs: boolean;
  readonly reading?: { readonly isRecord?: boolean | undefined } | undefined;
}

export interface Times {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Times of something that has happened, never one after its arrival; durations stay, none is negative. What is moved is
 * counted: `time.put-right` where the clock was set, `time.ahead` where the sender's clock is ahead of ours. Undefined:
 * they cannot be times of something that has happened. The times of a record, which did not arrive but was read from a file,
 * are those of another clock and stay as they are.
 */
export function timesOf({ isOurs, reading }: Teller, told: Times, losses: Losses): Times | undefined {
  if (reading?.isRecord === true) return recordedTimes(told);
  // Processes with the preload know the clock of the run.
  const placed = isOurs ? { ...told, isMoved: false } : clockSteps.toRun(told);
  const { startMs, endMs, isMoved } = placed;
  const aheadMs = Math.max(startMs, endMs) - runClock.now();
  if (Math.min(startMs, endMs) < EARLIEST_MS || aheadMs > MAX_AHEAD_MS) return undefined;
  if (isMoved) addLoss(losses, 'time.put-right');
  if (aheadMs <= STEP_MS) return { startMs, endMs: Math.max(startMs, endMs) };
  addLoss(losses, 'time.ahead');
  return { startMs: startMs - aheadMs, endMs: Math.max(startMs, endMs) - aheadMs };
}

function recordedTimes({ startMs, endMs }: Times): Times | undefined {
  const isPossible = Math.min(startMs, endMs) >= EARLIEST_MS && Math.max(startMs, endMs) <= runClock.now() + MAX_RECORD_AHEAD_MS;
  return isPossible ? { startMs, endMs: Math.max(startMs, endMs) } : undefined;
}

/** The same for a moment. */
export function timeOf(sender: Teller, timeMs: number, losses: Losses): number | undefined {
  return timesOf(sender, { startMs: timeMs, endMs: timeMs }, losses)?.endMs;
}
