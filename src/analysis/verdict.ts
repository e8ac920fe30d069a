/** Is it OK? One word and one reason, by the first rule that holds: pure, for a living run and for a stored one. */
import type { Need } from './needs.ts';

export interface Verdict {
  readonly word: 'yes' | 'look' | 'no';
  /** Stable name of the rule that decided. */
  readonly rule: string;
  /** One line to show. */
  readonly reason: string;
}

export interface Standing {
  /** Milliseconds since the start of the run. */
  readonly now: number;
  readonly state: 'live' | 'ended' | 'cut';
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly needs: readonly Need[];
  readonly tasks: { readonly running: number; readonly done: number; readonly failed: number };
  /** Lanes in use, and those of them that wait. */
  readonly busy: number;
  readonly waiting: number;
  readonly refusedLastMinute: number;
  /** Of the whole run. */
  readonly refused: number;
  /** What has been almost full without a break. */
  readonly full: readonly { readonly label: string; readonly share: number; readonly forMs: number }[];
  readonly lost: number;
  /** A running task that takes far longer than others of its type. */
  readonly straggler?: { readonly label: string; readonly times: number } | undefined;
}

const HUMAN_MS = 60_000;
const FULL_SHARE = 0.95;
const FULL_MS = 60_000;
const REFUSALS = 3;
const WAITING_SHARE = 0.25;
const FAILED_SHARE = 0.05;
const LEAST_FAILED = 3;

type Rule = readonly [word: 'no' | 'look', rule: string, reason: (standing: Standing) => string | undefined];

const RULES: readonly Rule[] = [
  ['no', 'cut', ({ state }) => (state === 'cut' ? 'the run ended without a word: its process was killed' : undefined)],
  ['no', 'signal', ({ signal }) => (signal === undefined ? undefined : `the program was ended by ${signal}`)],
  ['no', 'exit', ({ exitCode }) => (exitCode === undefined || exitCode === 0 ? undefined : `the program ended with exit code ${exitCode}`)],
  ['no', 'human', ({ needs, now }) => needs.find(({ kind, since }) => kind === 'human' && now - since > HUMAN_MS)?.text],
  ['no', 'silent', ({ needs }) => needs.find(({ kind }) => kind === 'silent')?.text],
  ['no', 'failed', failedOf],
  ['look', 'finding', ({ needs }) => needs.find(({ kind }) => kind === 'finding')?.text],
  ['look', 'full', ({ full, state }) => (state === 'live' ? fullOf(full) : undefined)],
  ['look', 'refused', ({ refusedLastMinute }) => many(refusedLastMinute, 'refused calls in the last minute')],
  ['look', 'waiting', ({ busy, waiting }) => (waiting > busy * WAITING_SHARE ? `${waiting} of ${busy} lanes wait` : undefined)],
  ['look', 'lost', ({ lost }) => (lost > 0 ? `telemetry is being lost (${lost} so far)` : undefined)],
  [
    'look',
    'straggler',
    ({ straggler }) =>
      straggler === undefined ? undefined : `${straggler.label} takes ${straggler.times.toFixed(1)} times as long as others of its type`,
  ],
  [
    'look',
    'some_failed',
    ({ tasks, state }) =>
      state !== 'live' && tasks.failed > 0 ? `${tasks.failed} of ${tasks.failed + tasks.done} tasks failed` : undefined,
  ],
];

export function judge(standing: Standing): Verdict {
  for (const [word, rule, reasonOf] of RULES) {
    const reason = reasonOf(standing);
    if (reason !== undefined) return { word, rule, reason };
  }
  const { state, tasks, busy } = standing;
  if (state !== 'live') return { word: 'yes', rule: 'ended', reason: tasks.done > 0 ? `ended, ${tasks.done} tasks done` : 'ended' };
  return { word: 'yes', rule: 'fine', reason: busy === 0 ? 'nothing is stuck' : `${busy} lanes at work, nothing is stuck` };
}

function failedOf({ tasks: { failed, done } }: Standing): string | undefined {
  return failed >= LEAST_FAILED && failed > (failed + done) * FAILED_SHARE ? `${failed} of ${failed + done} tasks failed` : undefined;
}

function fullOf(full: Standing['full']): string | undefined {
  const station = full.find(({ share, forMs }) => share >= FULL_SHARE && forMs >= FULL_MS);
  return station === undefined ? undefined : `${station.label} ${Math.round(station.share * 100)} % full`;
}

const many = (count: number, what: string): string | undefined => (count >= REFUSALS ? `${count} ${what}` : undefined);
