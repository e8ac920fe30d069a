/** Policies of one process: a member takes what its root says, a root makes versions of what the config file and programs ask for. */
import type { LivePolicies } from '../../config/policies/live.ts';
import type { PolicyAnswer, PolicyAsk, PolicyProblem } from '../../config/policies/types.ts';
import type { SettingProblem, Settings } from '../../config/settings/index.ts';
import type { BudgetBook } from '../../recording/budgets/index.ts';
import type { RecorderState } from '../../recording/index.ts';
import type { RunLink } from '../../root/index.ts';
import { PolicyLead } from './lead.ts';
import type { PoliciesOptions } from './options.ts';

export interface PoliciesDuty {
  /** What is wrong now, for `doctor`. */
  problems(): SettingProblem[];
  ask(ask: PolicyAsk): Promise<PolicyAnswer>;
  /** Of a root: reads the config file again, since a signal asks for it. */
  reread(): void;
  stop(): void;
}

const NO_ROOT = 'policies: no root of the run answers: nothing was changed';

export function startPolicies(options: PoliciesOptions): PoliciesDuty {
  const { run, live } = options;
  const lead = run.leadPolicies === undefined ? undefined : new PolicyLead(options);
  lead?.begin();
  run.followPolicies((state) => live.take(state));
  return {
    problems: () => (lead?.problem === undefined ? [] : [settingOf(lead.problem)]),
    ask: (ask) =>
      new Promise((resolve) => run.askPolicies(ask, (answer) => resolve(answer ?? { version: live.version, problem: NO_ROOT }))),
    reread: () => lead?.takeFile('signal'),
    stop: () => lead?.stop(),
  };
}

const settingOf = ({ field, expected, received }: PolicyProblem): SettingProblem => ({ env: field, expected, received });

/** The settings as policies have them now. */
export function underPolicies(settings: Settings, { policies }: LivePolicies): Settings {
  return policies.gpuIntervalMs === undefined ? settings : { ...settings, gpuIntervalMs: policies.gpuIntervalMs };
}

/** `againGauges` is called where what gauges were started with has changed. */
export function followPolicies(live: LivePolicies, book: BudgetBook, againGauges: () => void): void {
  book.useThresholds(live.policies.budgetThresholds);
  live.onChange(({ policies }, before) => {
    book.useThresholds(policies.budgetThresholds);
    if (policies.gpuIntervalMs !== before.gpuIntervalMs) againGauges();
  });
}

export interface LeadOptions {
  readonly run: RunLink;
  readonly live: LivePolicies;
  readonly state: RecorderState;
  readonly observers: readonly string[];
  readonly onWarning: (sentence: string) => void;
}

/** For the supervisor, whose budgets and run are there already. */
export function leadPolicies({ run, live, state, observers, onWarning }: LeadOptions): PoliciesDuty {
  return startPolicies({
    run,
    live,
    book: state.budgets,
    observers,
    runTraceId: () => state.runTraceId(),
    tell: (notice) => state.tellPolicies(notice),
    isOurs: true,
    onProblem: onWarning,
  });
}
