/** What the root tells of a change of policies: an event, and a count by where it came from and what became of it. */
import { shiftNow } from '../config/run-clock.ts';
import type { PolicySource } from '../config/policies/types.ts';
import {
  ATTR_SWARMSCOPE_POLICY_CHANGE_OUTCOME,
  ATTR_SWARMSCOPE_POLICY_FIELD,
  ATTR_SWARMSCOPE_POLICY_SAMPLING,
  ATTR_SWARMSCOPE_POLICY_SOURCE,
  ATTR_SWARMSCOPE_POLICY_VERSION,
  EVENT_SWARMSCOPE_POLICY_CHANGED,
  EVENT_SWARMSCOPE_POLICY_REFUSED,
  METRIC_SWARMSCOPE_POLICY_CHANGES,
  SWARMSCOPE_POLICY_CHANGE_OUTCOME_VALUE_ACCEPTED,
  SWARMSCOPE_POLICY_CHANGE_OUTCOME_VALUE_REFUSED,
} from '../semconv/index.ts';
import type { Core } from './core.ts';

export interface PolicyNotice {
  readonly source: PolicySource;
  /** In force from now on. */
  readonly version: number;
  readonly sampling?: number | undefined;
  /** What was wrong; absent: the change is in force. */
  readonly field?: string | undefined;
}

const [INFO, WARN] = [9, 13];

export function tellPolicies(core: Core, { source, version, sampling, field }: PolicyNotice): void {
  const isRefused = field !== undefined;
  const outcome = isRefused ? SWARMSCOPE_POLICY_CHANGE_OUTCOME_VALUE_REFUSED : SWARMSCOPE_POLICY_CHANGE_OUTCOME_VALUE_ACCEPTED;
  core.measure(METRIC_SWARMSCOPE_POLICY_CHANGES, 1, {
    [ATTR_SWARMSCOPE_POLICY_SOURCE]: source,
    [ATTR_SWARMSCOPE_POLICY_CHANGE_OUTCOME]: outcome,
  });
  core.assembly().emitLog?.({
    eventName: isRefused ? EVENT_SWARMSCOPE_POLICY_REFUSED : EVENT_SWARMSCOPE_POLICY_CHANGED,
    time: core.now() + shiftNow(),
    severityNumber: isRefused ? WARN : INFO,
    attributes: {
      [ATTR_SWARMSCOPE_POLICY_VERSION]: String(version),
      [ATTR_SWARMSCOPE_POLICY_SOURCE]: source,
      [ATTR_SWARMSCOPE_POLICY_SAMPLING]: isRefused ? undefined : sampling,
      [ATTR_SWARMSCOPE_POLICY_FIELD]: field,
    },
  });
}
