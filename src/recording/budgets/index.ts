/** Budgets: what LLM calls are charged to, and what is told when a share of a limit is used up. */
import { shiftNow } from '../../config/run-clock.ts';
import {
  ATTR_SWARMSCOPE_BUDGET_AMOUNT,
  ATTR_SWARMSCOPE_BUDGET_KIND,
  ATTR_SWARMSCOPE_BUDGET_LIMIT,
  ATTR_SWARMSCOPE_BUDGET_NAME,
  ATTR_SWARMSCOPE_BUDGET_THRESHOLD,
  EVENT_SWARMSCOPE_BUDGET_OVERALLOCATED,
  EVENT_SWARMSCOPE_BUDGET_THRESHOLD_REACHED,
  METRIC_SWARMSCOPE_BUDGET_OVERALLOCATIONS,
  METRIC_SWARMSCOPE_BUDGET_THRESHOLDS_REACHED,
  type MetricSpec,
} from '../../semconv/index.ts';
import type { Attributes, EpochMs, LlmUsage } from '../../semconv/telemetry.ts';
import type { Activity, Assembly, Frame } from '../types.ts';
import type { BudgetBook } from './book.ts';
import { placeOf } from './place.ts';
import type { BudgetNotice } from './types.ts';

export { BudgetBook } from './book.ts';
export type { BudgetLevel, BudgetLink, BudgetMessage, BudgetVerbs } from './types.ts';

/** Names of the budgets that the calls of a child process are charged to, in its environment. */
const BUDGETS_VARIABLE = 'SWARMSCOPE_BUDGETS';
const [INFO, WARN, ERROR] = [9, 13, 17];
/** In percent: how loud a threshold is told. */
const [WARN_FROM, ERROR_FROM] = [80, 100];

interface Keeper {
  readonly budgets: BudgetBook;
}

interface Teller {
  measure(spec: MetricSpec, value: number, attributes: Attributes): void;
  assembly(): Pick<Assembly, 'emitLog'>;
  now(): EpochMs;
}

export interface CallFacts {
  readonly usage: LlmUsage | undefined;
  readonly usd: number | undefined;
  /** When it ended, and how long it took. */
  readonly endTime: EpochMs;
  readonly seconds: number;
}

/** Once for each attempt of an LLM call. */
export function chargeCall(
  { budgets }: Keeper,
  { traceId, spanId, frame }: Activity,
  { usage, usd = 0, endTime, seconds }: CallFacts,
): void {
  if (budgets.isEmpty) return;
  const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
  const time = { from: endTime - Math.max(0, seconds) * 1_000, to: endTime };
  budgets.charge({ spent: { tokens, usd }, time, traceId, spanId, ...placeOf(frame) });
}

/** What a child process of `frame` is told. */
export function budgetCarrier({ budgets }: Keeper, frame: Frame | undefined): Record<string, string> {
  if (budgets.isEmpty || frame === undefined) return {};
  budgets.refresh();
  const { agents, tasks } = placeOf(frame);
  const names = budgets.matching(agents, tasks);
  return names.length === 0 ? {} : { [BUDGETS_VARIABLE]: [...new Set(names)].map(encodeURIComponent).join(',') };
}

/** The names that `budgetCarrier` gave to this process. */
export function inheritedBudgets(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    try {
      return [decodeURIComponent(name)];
    } catch {
      // Not ours.
      return [];
    }
  });
}

export function tellNotice(core: Teller, { what, name, kind, limit, amount, threshold, traceId, spanId }: BudgetNotice): void {
  const labels = { [ATTR_SWARMSCOPE_BUDGET_NAME]: name, [ATTR_SWARMSCOPE_BUDGET_KIND]: kind };
  const isThreshold = what === 'threshold';
  const of = isThreshold ? { ...labels, [ATTR_SWARMSCOPE_BUDGET_THRESHOLD]: threshold } : labels;
  core.measure(isThreshold ? METRIC_SWARMSCOPE_BUDGET_THRESHOLDS_REACHED : METRIC_SWARMSCOPE_BUDGET_OVERALLOCATIONS, 1, of);
  core.assembly().emitLog?.({
    eventName: isThreshold ? EVENT_SWARMSCOPE_BUDGET_THRESHOLD_REACHED : EVENT_SWARMSCOPE_BUDGET_OVERALLOCATED,
    time: core.now() + shiftNow(),
    severityNumber: threshold >= ERROR_FROM ? ERROR : threshold >= WARN_FROM ? WARN : INFO,
    traceId,
    spanId,
    attributes: { ...of, [ATTR_SWARMSCOPE_BUDGET_LIMIT]: limit, [ATTR_SWARMSCOPE_BUDGET_AMOUNT]: amount },
  });
}
