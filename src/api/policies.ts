/** The verbs for policies: what may change in all processes of a run while it runs. */
import type { Policies, PolicyAnswer } from '../config/policies/types.ts';
import type { BudgetDescription } from './budgets.ts';
import { recorderOf } from './recorder-of.ts';

export type { Policies, PolicyAnswer, PolicyContent } from '../config/policies/types.ts';

/** Options of {@link changePolicies}: what is absent stays, what is `null` is as the settings say. */
export type PolicyChange = { readonly [Name in keyof Policies]?: Policies[Name] | null } & {
  /** In place of all budgets that the config file, or a change before, declared. */
  readonly budgets?: readonly BudgetDescription[];
};

const NO_PRELOAD = 'policies: there is no preload: nothing was changed';

/**
 * Changes policies in all processes of the run, all of it or nothing. Resolves with the version that is in force afterwards, and
 * with `problem`, which names the field, where nothing was changed. Never rejects.
 * @example await changePolicies({ sampling: 0.1, observersOff: ['http-server'] });
 */
export function changePolicies(change: PolicyChange): Promise<PolicyAnswer> {
  return ask({ change });
}

/** Puts what an earlier version had in force again, under a new version. 0 is what the settings say. Never rejects. */
export function rollBackPolicies(version: number): Promise<PolicyAnswer> {
  return ask({ rollback: version });
}

/** What is in force in this process; version 0 without a preload, and where nothing was ever changed. */
export function currentPolicies(): { readonly version: number; readonly policies: Policies } {
  try {
    return recorderOf()?.policies() ?? { version: 0, policies: {} };
  } catch {
    // A recorder of another version, which knows no policies.
    return { version: 0, policies: {} };
  }
}

async function ask(given: { readonly change: unknown } | { readonly rollback: unknown }): Promise<PolicyAnswer> {
  try {
    return (await recorderOf()?.askPolicies(given)) ?? { version: 0, problem: NO_PRELOAD };
  } catch {
    // As above.
    return { version: 0, problem: NO_PRELOAD };
  }
}
