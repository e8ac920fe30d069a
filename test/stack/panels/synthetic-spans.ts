// One trace that the demo swarm does not have: a failed task in which an agent invoked another agent, which failed.
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_SWARMSCOPE_OPERATION_NAME,
  ATTR_SWARMSCOPE_TASK_TYPE,
} from '../../../src/semconv/index.ts';
import { attributes, SYNTHETIC_SERVICE } from './synthetic.ts';

export const SYNTHETIC_TRACE = '5e7e0000000000000000000000000001';
const ERROR = { code: 2 };

/** What OTLP/HTTP takes as JSON at `/v1/traces`. */
export function spansUpTo(toMs: number): unknown {
  const planned: [id: string, parent: string, name: string, attributes: Record<string, string>][] = [
    ['01', '', 'run_task build', { [ATTR_SWARMSCOPE_OPERATION_NAME]: 'run_task', [ATTR_SWARMSCOPE_TASK_TYPE]: 'build' }],
    ['02', '01', 'invoke_agent planner', { [ATTR_GEN_AI_OPERATION_NAME]: 'invoke_agent', [ATTR_GEN_AI_AGENT_NAME]: 'planner' }],
    ['03', '02', 'invoke_agent coder', { [ATTR_GEN_AI_OPERATION_NAME]: 'invoke_agent', [ATTR_GEN_AI_AGENT_NAME]: 'coder' }],
  ];
  const spans = planned.map(([id, parent, name, own]) => ({
    traceId: SYNTHETIC_TRACE,
    spanId: id.padStart(16, '0'),
    parentSpanId: parent === '' ? '' : parent.padStart(16, '0'),
    name,
    kind: 1,
    startTimeUnixNano: `${BigInt(Math.round(toMs) - 2_000) * 1_000_000n}`,
    endTimeUnixNano: `${BigInt(Math.round(toMs) - 1_000) * 1_000_000n}`,
    attributes: attributes({ ...own, [ATTR_ERROR_TYPE]: 'synthetic' }),
    status: ERROR,
  }));
  const resource = { attributes: attributes({ 'service.name': SYNTHETIC_SERVICE }) };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'synthetic' }, spans }] }] };
}
