/** What became of every item of one signal: numbers that `swarmscope doctor` shows. */
import { clock } from '../config/originals.ts';

/** More reasons than this means a reason is not low-cardinality; the rest is `other`. */
const MAX_REASONS = 20;

export interface SignalTally {
  recorded: number;
  sent: number;
  dropped: Record<string, number>;
  /** Items handed to the spool on disk: neither sent nor lost yet. */
  spooled?: number;
  /** Items recorded by a thread that was ended without notice, and then once more here, in its name. */
  takenOver?: number;
  /** The last thing the endpoint said, or why it could not be reached. */
  lastAnswer?: { text: string; time: number; isGood: boolean } | undefined;
}

export const newTally = (): SignalTally => ({ recorded: 0, sent: 0, dropped: {} });

export function drop(tally: Pick<SignalTally, 'dropped'>, reason: string, count: number): void {
  if (count <= 0) return;
  const key = reason in tally.dropped || Object.keys(tally.dropped).length < MAX_REASONS ? reason : 'other';
  tally.dropped[key] = (tally.dropped[key] ?? 0) + count;
}

export function noteAnswer(tally: SignalTally, text: string, isGood: boolean): void {
  tally.lastAnswer = { text: text.slice(0, 200), time: clock.now(), isGood };
}
