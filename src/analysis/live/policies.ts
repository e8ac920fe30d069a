/** From when on something is told: a threshold for each kind, which the user may change or switch off. */
import { LIVE_KINDS, type LiveKind } from './types.ts';

export interface Policy {
  readonly threshold: number;
  readonly unit: 'ms' | 'refusals a minute' | 'rounds' | '%' | 'conflicts in ten minutes';
  readonly min: number;
  readonly max: number;
  readonly severity: 'high' | 'medium';
}

const DAY_MS = 86_400_000;

export const DEFAULT_POLICIES: Readonly<Record<LiveKind, Policy>> = {
  // Long answers of models that think take three minutes, rarely four.
  hung_agent: { threshold: 300_000, unit: 'ms', min: 1_000, max: DAY_MS, severity: 'high' },
  human_wait: { threshold: 60_000, unit: 'ms', min: 1_000, max: DAY_MS, severity: 'high' },
  rate_limit: { threshold: 10, unit: 'refusals a minute', min: 2, max: 1_000_000, severity: 'medium' },
  overload: { threshold: 10, unit: 'refusals a minute', min: 2, max: 1_000_000, severity: 'medium' },
  tool_loop: { threshold: 4, unit: 'rounds', min: 3, max: 50, severity: 'medium' },
  // 50, 80 and 100 are told by budgets. At 80 % nobody knows whether the run ends with the rest.
  budget_burn: { threshold: 100, unit: '%', min: 50, max: 100, severity: 'high' },
  merge_conflict: { threshold: 3, unit: 'conflicts in ten minutes', min: 2, max: 1_000, severity: 'medium' },
  orphan: { threshold: 60_000, unit: 'ms', min: 1_000, max: DAY_MS, severity: 'medium' },
};

export type Policies = Readonly<Record<LiveKind, Policy | undefined>>;

export interface PolicyProblem {
  readonly kind: string;
  readonly expected: string;
  readonly received: string;
}

/**
 * The policies with what the user chose: `{ hung_agent: '120000', overload: 'off' }`. What cannot be used is a problem, and its default holds.
 * @example readPolicies({ orphan: 'off' }).policies.orphan // undefined
 */
export function readPolicies(chosen: Readonly<Record<string, string>>): { policies: Policies; problems: PolicyProblem[] } {
  const policies: Record<LiveKind, Policy | undefined> = { ...DEFAULT_POLICIES };
  const problems: PolicyProblem[] = [];
  for (const [kind, received] of Object.entries(chosen)) {
    const known = isKind(kind) ? DEFAULT_POLICIES[kind] : undefined;
    if (!isKind(kind) || known === undefined) {
      problems.push({ kind, expected: `one of ${LIVE_KINDS.join(', ')}`, received: kind });
      continue;
    }
    const { unit, min, max } = known;
    const threshold = Number(received);
    if (received === 'off') policies[kind] = undefined;
    else if (/^\d+$/.test(received) && threshold >= min && threshold <= max) policies[kind] = { ...known, threshold };
    else problems.push({ kind, expected: `a whole number from ${min} to ${max} (${unit}), or off`, received });
  }
  return { policies, problems };
}

function isKind(name: string): name is LiveKind {
  return (LIVE_KINDS as readonly string[]).includes(name);
}
