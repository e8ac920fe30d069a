/** From when on something is told: a threshold for each kind, which the user may change or switch off. */
import { LIVE_KINDS, type LiveKind } from './types.ts';

export interface Threshold {
  /** From this value on it is told. */
  readonly value: number;
  readonly unit: 'ms' | 'refusals a minute' | 'rounds' | '%' | 'conflicts in ten minutes';
  readonly min: number;
  readonly max: number;
  readonly severity: 'high' | 'medium';
}

const DAY_MS = 86_400_000;

export const DEFAULT_THRESHOLDS: Readonly<Record<LiveKind, Threshold>> = {
  // Long answers of models that think take three minutes, rarely four.
  hung_agent: { value: 300_000, unit: 'ms', min: 1_000, max: DAY_MS, severity: 'high' },
  human_wait: { value: 60_000, unit: 'ms', min: 1_000, max: DAY_MS, severity: 'high' },
  rate_limit: { value: 10, unit: 'refusals a minute', min: 2, max: 1_000_000, severity: 'medium' },
  overload: { value: 10, unit: 'refusals a minute', min: 2, max: 1_000_000, severity: 'medium' },
  tool_loop: { value: 4, unit: 'rounds', min: 3, max: 50, severity: 'medium' },
  // 50, 80 and 100 are told by budgets. At 80 % nobody knows whether the run ends with the rest.
  budget_burn: { value: 100, unit: '%', min: 50, max: 100, severity: 'high' },
  merge_conflict: { value: 3, unit: 'conflicts in ten minutes', min: 2, max: 1_000, severity: 'medium' },
  orphan: { value: 60_000, unit: 'ms', min: 1_000, max: DAY_MS, severity: 'medium' },
};

export type Thresholds = Readonly<Record<LiveKind, Threshold | undefined>>;

export interface ThresholdProblem {
  readonly kind: string;
  readonly expected: string;
  readonly received: string;
}

/**
 * The thresholds with what the user chose: `{ hung_agent: '120000', overload: 'off' }`. What cannot be used is a problem, and its default holds.
 * @example readThresholds({ orphan: 'off' }).thresholds.orphan // undefined
 */
export function readThresholds(chosen: Readonly<Record<string, string>>): { thresholds: Thresholds; problems: ThresholdProblem[] } {
  const thresholds: Record<LiveKind, Threshold | undefined> = { ...DEFAULT_THRESHOLDS };
  const problems: ThresholdProblem[] = [];
  for (const [kind, received] of Object.entries(chosen)) {
    const known = isKind(kind) ? DEFAULT_THRESHOLDS[kind] : undefined;
    if (!isKind(kind) || known === undefined) {
      problems.push({ kind, expected: `one of ${LIVE_KINDS.join(', ')}`, received: kind });
      continue;
    }
    const { unit, min, max } = known;
    const value = Number(received);
    if (received === 'off') thresholds[kind] = undefined;
    else if (/^\d+$/.test(received) && value >= min && value <= max) thresholds[kind] = { ...known, value };
    else problems.push({ kind, expected: `a whole number from ${min} to ${max} (${unit}), or off`, received });
  }
  return { thresholds, problems };
}

function isKind(name: string): name is LiveKind {
  return (LIVE_KINDS as readonly string[]).includes(name);
}
