/** What a policy of the program decided: an event with fields of its own, and a count by policy and outcome. */
import {
  ATTR_SWARMSCOPE_POLICY_NAME,
  ATTR_SWARMSCOPE_POLICY_OUTCOME,
  ATTR_SWARMSCOPE_POLICY_VERSION,
  EVENT_PREFIX,
  EVENT_SWARMSCOPE_POLICY_DECISION_MADE,
  METRIC_SWARMSCOPE_POLICY_DECISIONS,
  SWARMSCOPE_POLICY_OUTCOME_VALUE_ALLOW,
  SWARMSCOPE_POLICY_OUTCOME_VALUE_DENY,
  SWARMSCOPE_POLICY_OUTCOME_VALUE_REQUIRE_APPROVAL,
  type MetricSpec,
} from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { boundedName } from '../content.ts';

const OUTCOMES: readonly unknown[] = [
  SWARMSCOPE_POLICY_OUTCOME_VALUE_ALLOW,
  SWARMSCOPE_POLICY_OUTCOME_VALUE_DENY,
  SWARMSCOPE_POLICY_OUTCOME_VALUE_REQUIRE_APPROVAL,
];

export const POLICY_DECISION = EVENT_SWARMSCOPE_POLICY_DECISION_MADE.slice(EVENT_PREFIX.length);

interface Given {
  readonly event: Readonly<Record<string, unknown>>;
  readonly measure: (spec: MetricSpec, value: number, attributes: Attributes) => void;
  readonly wrong: (field: string, expected: string) => void;
}

/** undefined: a decision without a policy or an outcome is none, and is not told. */
export function policyDecision({ event, measure, wrong }: Given): Attributes | undefined {
  const { policy, outcome, version } = event;
  const isNamed = typeof policy === 'string' && policy !== '';
  const isDecided = OUTCOMES.includes(outcome);
  if (!isNamed) wrong('policy', 'a text that is not empty');
  if (!isDecided) wrong('outcome', `one of ${OUTCOMES.join(', ')}`);
  const isVersion = version === undefined || (typeof version === 'string' && version !== '');
  if (!isVersion) wrong('version', 'a text that is not empty');
  if (!isNamed || !isDecided) return undefined;
  const by: Attributes = { [ATTR_SWARMSCOPE_POLICY_NAME]: boundedName(policy), [ATTR_SWARMSCOPE_POLICY_OUTCOME]: outcome as string };
  measure(METRIC_SWARMSCOPE_POLICY_DECISIONS, 1, by);
  return isVersion && version !== undefined ? { ...by, [ATTR_SWARMSCOPE_POLICY_VERSION]: version } : by;
}
