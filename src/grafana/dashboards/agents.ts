/** The board of agents: how often they are invoked, by whom, and with which tools. */
import * as names from '../../semconv/index.ts';
import { bars, stat, table, timeseries, traces, type Board } from '../panel.ts';
import { either, named, narrowed, orZero, overRange, queries, share, showing, spansWhere } from '../query.ts';
import { DOTS, fromSpans } from './from-spans.ts';
import { common, valuesOf } from './variables.ts';

const scope = narrowed({ [names.ATTR_GEN_AI_AGENT_NAME]: 'agent' });
const q = queries(scope);
const inAll = queries(overRange(scope));
const range = '$__range';
const agent = [names.ATTR_GEN_AI_AGENT_NAME];
const tool = [names.ATTR_GEN_AI_TOOL_NAME];
const failed = { [names.ATTR_ERROR_TYPE]: { not: '' } };
const timedByTool = q.total(names.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, range, { by: tool });
const executed = either(
  q.total(names.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, range),
  q.total(names.METRIC_SWARMSCOPE_TOOL_UNTIMED, range),
);
const executedByTool = either(timedByTool, q.total(names.METRIC_SWARMSCOPE_TOOL_UNTIMED, range, { by: tool }));
const invokedByAgent = q.total(names.METRIC_GEN_AI_INVOKE_AGENT_DURATION, range, { by: agent });
const isAgent = `span.${names.ATTR_GEN_AI_OPERATION_NAME} = "invoke_agent"`;
const needsAgent = 'an agent CLI, or withAgent in the program';

export const agents: Board = {
  uid: 'swarmscope-agents',
  title: 'Agents and hand-offs',
  description: 'Which agents work, what they call, how they hand work on.',
  variables: [...common, valuesOf('agent', 'Agent', names.METRIC_GEN_AI_INVOKE_AGENT_DURATION, names.ATTR_GEN_AI_AGENT_NAME)],
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Agents invoked',
          description: 'In the chosen time. None, though agents work: they are plain tasks to us; wrap them in `withAgent`, or start them as CLIs.',
          unit: 'short',
          decimals: 0,
          noValue: 'none',
          needs: needsAgent,
          queries: [{ expr: q.total(names.METRIC_GEN_AI_INVOKE_AGENT_DURATION, range), legend: 'agents' }],
        }),
        stat({
          title: 'Tools executed',
          description: 'In the chosen time; those that only the wire shows are in it. The table below says which ones, and how slow.',
          unit: 'short',
          decimals: 0,
          noValue: 'none',
          queries: [{ expr: executed, legend: 'tools' }],
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
              expr: share(q.total(names.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, range, { where: failed }), executed),
              legend: 'failed',
            },
          ],
        }),
        stat({
          title: 'Tools offered to a call (p95)',
          description: 'Every tool offered costs input tokens in every call. Many offered and few used: offer less.',
          unit: 'short',
          noValue: 'none',
          queries: [{ expr: inAll.quantile(0.95, names.METRIC_SWARMSCOPE_TOOL_AVAILABLE), legend: 'offered' }],
        }),
      ],
    },
    {
      title: 'Agents',
      panels: [
        table({
          title: 'By agent, in the chosen time',
          description: 'How often invoked, how often failed, and the mean duration. Many and short: could one do it; few and long: split them.',
          unit: 'short',
          needs: needsAgent,
          queries: [
            { expr: invokedByAgent, legend: 'invoked' },
            { expr: orZero(q.total(names.METRIC_GEN_AI_INVOKE_AGENT_DURATION, range, { by: agent, where: failed }), invokedByAgent), legend: 'failed' },
            {
              expr: `${q.totalSum(names.METRIC_GEN_AI_INVOKE_AGENT_DURATION, range, { by: agent })} / (${invokedByAgent} > 0)`,
              legend: 'mean duration',
              unit: 's',
            },
          ],
        }),
        timeseries({
          title: 'Duration of an agent (p95)',
          description: `From its start to its answer, by name. Far above what it took yesterday: look at its turns. ${DOTS}`,
          unit: 's',
          needs: needsAgent,
          queries: [
            { expr: q.quantile(0.95, names.METRIC_GEN_AI_INVOKE_AGENT_DURATION, { by: agent }), legend: '{{gen_ai_agent_name}}' },
            fromSpans(scope, { [names.ATTR_GEN_AI_OPERATION_NAME]: 'invoke_agent' }),
          ],
        }),
        timeseries({
          title: 'Silent agents',
          description:
            'How long the agent that is silent for longest has passed no bytes, used no CPU and started nothing, by name. Minutes: it is hung, or its model does not answer.',
          unit: 's',
          needs: 'swarmscope run on Linux, and an agent that is silent',
          queries: [{ expr: q.max(names.METRIC_SWARMSCOPE_AGENT_SILENT_TIME, { by: agent }), legend: '{{gen_ai_agent_name}}' }],
        }),
        timeseries({
          title: 'Orphaned processes',
          description: 'Processes that go on a minute or more after the agent or program that started them has ended, by name. An agent among them goes on spending.',
          unit: 'short',
          needs: 'swarmscope run on Linux, and a process that is left behind',
          queries: [
            {
              expr: q.sum(names.METRIC_SWARMSCOPE_PROCESS_ORPHAN_COUNT, { by: [names.ATTR_PROCESS_EXECUTABLE_NAME] }),
              legend: '{{process_executable_name}}',
            },
          ],
        }),
        timeseries({
          title: 'Failed agents per minute',
          description: 'By name and type of the error. The traces in the last row show what each tried before it gave up.',
          unit: 'short',
          needs: 'an agent that fails',
          queries: [
            {
              expr: `60 * ${q.rate(names.METRIC_GEN_AI_INVOKE_AGENT_DURATION, { by: [...agent, names.ATTR_ERROR_TYPE], where: failed })}`,
              legend: '{{gen_ai_agent_name}} {{error_type}}',
            },
          ],
        }),
        timeseries({
          title: 'Turns of an agent',
          description: 'LLM calls and tool calls of one invocation, mean. Climbing: it goes round in circles; bound its turns.',
          unit: 'short',
          needs: 'withAgent in the program: an agent CLI does not tell its turns',
          queries: [
            { expr: q.mean(names.METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, { by: agent }), legend: 'LLM calls {{gen_ai_agent_name}}' },
            { expr: q.mean(names.METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS, { by: agent }), legend: 'tool calls {{gen_ai_agent_name}}' },
          ],
        }),
        bars({
          title: 'Cost by agent',
          description: 'In the chosen time: which agent to make cheaper first. Calls outside of any agent stand together.',
          unit: 'currencyUSD',
          queries: [
            {
              expr: named(q.total(names.METRIC_SWARMSCOPE_INFERENCE_COST, range, { by: agent }), names.ATTR_GEN_AI_AGENT_NAME, 'no agent'),
              legend: '{{gen_ai_agent_name}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Tools',
      panels: [
        table({
          title: 'By tool, in the chosen time',
          description: 'How often, how often failed, and the mean duration of those that ran alone. A tool that fails often costs a turn each time: mend it, or offer another one.',
          unit: 'short',
          queries: [
            { expr: executedByTool, legend: 'executed' },
            {
              expr: orZero(q.total(names.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, range, { by: tool, where: failed }), executedByTool),
              legend: 'failed',
            },
            {
              expr: `${q.totalSum(names.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, range, { by: tool })} / (${timedByTool} > 0)`,
              legend: 'mean duration',
              unit: 's',
            },
          ],
        }),
        timeseries({
          title: 'Duration of tools (p95)',
          description: `By name. A slow tool holds its agent and its worker: give it a limit of time. ${DOTS}`,
          unit: 's',
          queries: [
            { expr: q.quantile(0.95, names.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, { by: tool }), legend: '{{gen_ai_tool_name}}' },
            fromSpans(scope, { [names.ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool' }),
          ],
        }),
        timeseries({
          title: 'Tools offered to a call',
          description: 'Each offered tool costs input tokens in every call: offer each agent what its work needs.',
          unit: 'short',
          queries: [
            { expr: q.mean(names.METRIC_SWARMSCOPE_TOOL_AVAILABLE), legend: 'offered to a call, mean' },
            { expr: q.quantile(0.95, names.METRIC_SWARMSCOPE_TOOL_AVAILABLE), legend: 'offered to a call, p95' },
          ],
        }),
        timeseries({
          title: 'Tools used by an agent',
          description: 'Different ones, however often. Far fewer than are offered: its calls carry definitions that it has no use for.',
          unit: 'short',
          needs: needsAgent,
          queries: [{ expr: q.mean(names.METRIC_SWARMSCOPE_TOOL_USED), legend: 'mean' }],
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
          traceql: showing(`${spansWhere(isAgent)} >> ${spansWhere(isAgent)}`, names.ATTR_GEN_AI_AGENT_NAME),
          needs: 'an agent that invokes another one',
        }),
        traces({
          title: 'Agents that failed',
          description: 'Newest first; each opens at what failed in it.',
          width: 12,
          traceql: showing(spansWhere(`${isAgent} && span.${names.ATTR_GEN_AI_AGENT_NAME} =~ "$agent" && status = error`), names.ATTR_GEN_AI_AGENT_NAME, names.ATTR_ERROR_TYPE),
          needs: 'an agent that fails',
        }),
      ],
    },
  ],
};
