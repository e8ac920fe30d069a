/** What the policies of a process are given. */
import type { LivePolicies } from '../../config/policies/live.ts';
import type { BudgetBook } from '../../recording/budgets/index.ts';
import type { PolicyNotice } from '../../recording/policy-notice.ts';
import type { RunLink } from '../../root/index.ts';

export interface PoliciesOptions {
  readonly run: RunLink;
  readonly live: LivePolicies;
  readonly book: BudgetBook;
  /** Names of observers that a policy may switch off. */
  readonly observers: readonly string[];
  readonly runTraceId: () => string | undefined;
  readonly tell: (notice: PolicyNotice) => void;
  /** The process is ours, and no program of a user. */
  readonly isOurs?: boolean;
  /** Told of what was refused. */
  readonly onProblem?: ((sentence: string) => void) | undefined;
}
