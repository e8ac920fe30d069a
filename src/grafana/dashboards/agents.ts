/** Agents and what they hand to each other: who works, with which tools, how deep. */
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_WORKFLOW_NAME,
  METRIC_GEN_AI_EXECUTE_TOOL_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
  METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
  METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION,
  METRIC_SWARMSCOPE_INFERENCE_COST,
  METRIC_SWARMSCOPE_TOOL_AVAILABLE,
} from '../../semconv/index.ts';
import { bars, stat, table, timeseries, traces, type Board } from '../panel.ts';
import { onDashboard, queries } from '../query.ts';
import { common } from './variables.ts';

const q = queries(onDashboard);
const agent = [ATTR_GEN_AI_AGENT_NAME];
const tool = [ATTR_GEN_AI_TOOL_NAME];
const failed = { [ATTR_ERROR_TYPE]: { not: '' } };
const isAgent = `span.${ATTR_GEN_AI_OPERATION_NAME} = "invoke_agent"`;
const needsAgent = 'an agent CLI, or withAgent in the program';

export const agents: Board = {
  uid: 'swarmscope-agents',
  title: 'Agents and hand-offs',
  description: 'Which agents work, what they call, how they hand work on.',
  variables: common,
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Agents invoked',
          description: 'In the chosen time.',
          unit: 'short',
          decimals: 0,
          noValue: '0',
          queries: [{ expr: q.increase(METRIC_GEN_AI_INVOKE_AGENT_DURATION, '$__range'), legend: 'agents' }],
        }),
        stat({
          title: 'Tools executed',
          description: 'In the chosen time; those that only the wire shows are in it.',
          unit: 'short',
          decimals: 0,
          noValue: '0',
          queries: [{ expr: q.increase(METRIC_GEN_AI_EXECUTE_TOOL_DURATION, '$__range'), legend: 'tools' }],
        }),
        stat({
          title: 'Tools failed',
          description: 'Share of the executed tools. An agent whose tool fails tends to try again at your expense.',
          unit: 'percentunit',
          thresholds: [
            { from: 0, color: 'green' },
            { from: 0.1, color: 'yellow' },
            { from: 0.3, color: 'red' },
          ],
          noValue: 'no tool',
          queries: [
            {
              expr: `(${q.increase(METRIC_GEN_AI_EXECUTE_TOOL_DURATION, '$__range', { where: failed })} or vector(0)) / ${q.increase(METRIC_GEN_AI_EXECUTE_TOOL_DURATION, '$__range')}`,
              legend: 'failed',
            },
          ],
        }),
        stat({
          title: 'Tools offered to a call (p95)',
          description: 'Every tool offered costs input tokens in every call. Many offered and few used: offer less.',
          unit: 'short',
          noValue: 'none',
          queries: [{ expr: q.quantile(0.95, METRIC_SWARMSCOPE_TOOL_AVAILABLE), legend: 'offered' }],
        }),
      ],
    },
    {
      title: 'Agents',
      panels: [
        timeseries({
          title: 'Duration of an agent (p95)',
          description: 'From its start to its answer, by name.',
          unit: 's',
          needs: needsAgent,
          queries: [{ expr: q.quantile(0.95, METRIC_GEN_AI_INVOKE_AGENT_DURATION, { by: agent }), legend: '{{gen_ai_agent_name}}' }],
        }),
        timeseries({
          title: 'Failed agents per minute',
          description: 'By name and type of the error.',
          unit: 'short',
          needs: 'an agent that fails',
          queries: [
            {
              expr: `60 * ${q.rate(METRIC_GEN_AI_INVOKE_AGENT_DURATION, { by: [...agent, ATTR_ERROR_TYPE], where: failed })}`,
              legend: '{{gen_ai_agent_name}} {{error_type}}',
            },
          ],
        }),
        timeseries({
          title: 'Turns of an agent',
          description: 'LLM calls and tool calls of one invocation, mean. Climbing: it goes round in circles.',
          unit: 'short',
          needs: needsAgent,
          queries: [
            { expr: q.mean(METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, { by: agent }), legend: 'LLM calls {{gen_ai_agent_name}}' },
            { expr: q.mean(METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS, { by: agent }), legend: 'tool calls {{gen_ai_agent_name}}' },
          ],
        }),
        bars({
          title: 'Cost by agent',
          description: 'In the chosen time; what no agent did stands without a name.',
          unit: 'currencyUSD',
          queries: [{ expr: q.increase(METRIC_SWARMSCOPE_INFERENCE_COST, '$__range', { by: agent }), legend: '{{gen_ai_agent_name}}' }],
        }),
      ],
    },
    {
      title: 'Tools',
      panels: [
        table({
          title: 'By tool, in the chosen time',
          description: 'How often, how often failed, and the mean duration.',
          unit: 'short',
          queries: [
            { expr: q.increase(METRIC_GEN_AI_EXECUTE_TOOL_DURATION, '$__range', { by: tool }), legend: 'executed', isInstant: true },
            {
              expr: q.increase(METRIC_GEN_AI_EXECUTE_TOOL_DURATION, '$__range', { by: tool, where: failed }),
              legend: 'failed',
              isInstant: true,
            },
            {
              expr: `${q.sumIncrease(METRIC_GEN_AI_EXECUTE_TOOL_DURATION, '$__range', { by: tool })} / ${q.increase(METRIC_GEN_AI_EXECUTE_TOOL_DURATION, '$__range', { by: tool })}`,
              legend: 'mean (s)',
              isInstant: true,
            },
          ],
        }),
        timeseries({
          title: 'Duration of tools (p95)',
          description: 'By name. A slow tool holds its agent and its worker.',
          unit: 's',
          queries: [{ expr: q.quantile(0.95, METRIC_GEN_AI_EXECUTE_TOOL_DURATION, { by: tool }), legend: '{{gen_ai_tool_name}}' }],
        }),
        timeseries({
          title: 'Tools offered to a call',
          description: 'Mean and p95. Each offered tool costs input tokens in every call.',
          unit: 'short',
          queries: [
            { expr: q.mean(METRIC_SWARMSCOPE_TOOL_AVAILABLE), legend: 'mean' },
            { expr: q.quantile(0.95, METRIC_SWARMSCOPE_TOOL_AVAILABLE), legend: 'p95' },
          ],
        }),
      ],
    },
    {
      title: 'Hand-offs',
      panels: [
        traces({
          title: 'Agents under agents',
          description: 'Traces in which an agent worked inside of another one. The tree of each shows the hand-offs in their order.',
          width: 12,
          traceql: `{ ${isAgent} } >> { ${isAgent} }`,
          needs: 'an agent that invokes another one',
        }),
        traces({
          title: 'Agents that failed',
          description: 'Newest first; each opens at what failed in it.',
          width: 12,
          traceql: `{ ${isAgent} && status = error }`,
          needs: 'an agent that fails',
        }),
        timeseries({
          title: 'Runs per hour',
          description: 'Runs that ended, by name.',
          unit: 'short',
          width: 24,
          queries: [
            {
              expr: `3600 * ${q.rate(METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, { by: [ATTR_GEN_AI_WORKFLOW_NAME] })}`,
              legend: '{{gen_ai_workflow_name}}',
            },
          ],
        }),
      ],
    },
  ],
};
