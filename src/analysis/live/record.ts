/** A live finding as a log record of OpenTelemetry. */
import * as names from '../../semconv/index.ts';
import type { LogRecord } from '../../semconv/telemetry.ts';
import type { LiveChange } from './types.ts';

/** ERROR and WARN when it is raised, INFO when it is withdrawn. */
const SEVERITIES = { high: 17, medium: 13, withdrawn: 9 } as const;

export function findingRecord(change: LiveChange): LogRecord {
  const { state, atMs, finding } = change;
  const { id, kind, severity, value, threshold, where, evidence } = finding;
  return {
    eventName: names.EVENT_SWARMSCOPE_FINDING,
    time: atMs,
    severityNumber: SEVERITIES[state === 'raised' ? severity : state],
    traceId: evidence[0]?.traceId,
    spanId: evidence[0]?.spanId,
    attributes: {
      [names.ATTR_SWARMSCOPE_FINDING_ID]: id,
      [names.ATTR_SWARMSCOPE_FINDING_KIND]: kind,
      [names.ATTR_SWARMSCOPE_FINDING_STATE]: state,
      [names.ATTR_SWARMSCOPE_FINDING_VALUE]: value,
      [names.ATTR_SWARMSCOPE_FINDING_THRESHOLD]: threshold,
      [names.ATTR_GEN_AI_AGENT_NAME]: where.agent,
      [names.ATTR_SWARMSCOPE_TASK_ID]: where.task,
      [names.ATTR_GEN_AI_TOOL_NAME]: where.tool,
      [names.ATTR_GEN_AI_REQUEST_MODEL]: where.model,
      [names.ATTR_GEN_AI_PROVIDER_NAME]: where.provider,
      [names.ATTR_VCS_REPOSITORY_NAME]: where.repository,
      [names.ATTR_SWARMSCOPE_BUDGET_NAME]: where.budget,
      [names.ATTR_PROCESS_PID]: where.pid,
    },
  };
}
