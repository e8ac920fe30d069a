/** LLM calls: how many, how fast, how full, what they cost. */
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_SWARMSCOPE_RATE_LIMIT_KIND,
  ATTR_SWARMSCOPE_TASK_TYPE,
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
  METRIC_SWARMSCOPE_CONTEXT_USAGE,
  METRIC_SWARMSCOPE_INFERENCE_COST,
  METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS,
  METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION,
} from '../../semconv/index.ts';
import { bars, percentThresholds, stat, table, timeseries, traces, type Board } from '../panel.ts';
import { onDashboard, queries } from '../query.ts';
import { SPAN_METRICS } from '../pipeline-metrics.ts';
import { common } from './variables.ts';

const q = queries(onDashboard);
/** The collector's span metrics know the swarm by their resource as well. */
const model = [ATTR_GEN_AI_REQUEST_MODEL];
const legend = '{{gen_ai_request_model}}';
const byModel = { by: model, where: { [ATTR_GEN_AI_REQUEST_MODEL]: { like: '$model' } } };
const failed = { [ATTR_ERROR_TYPE]: { not: '' } };
const isCall = `span.${ATTR_GEN_AI_OPERATION_NAME} =~ "chat|generate_content|text_completion"`;

export const llm: Board = {
  uid: 'swarmscope-llm',
  title: 'LLM use and cost',
  description: 'One call is one attempt on the wire, so that refused and repeated ones show.',
  variables: [
    ...common,
    {
      name: 'model',
      label: 'Model',
      query: `label_values(${METRIC_GEN_AI_CLIENT_INFERENCE_DURATION.prometheus}_count, gen_ai_request_model)`,
    },
  ],
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Calls',
          description: 'Attempts in the chosen time.',
          unit: 'short',
          decimals: 0,
          noValue: '0',
          queries: [{ expr: q.increase(METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, '$__range'), legend: 'calls' }],
        }),
        stat({
          title: 'Failed',
          description: 'Share of the attempts that ended in an error, refused ones (429) included.',
          unit: 'percentunit',
          thresholds: [
            { from: 0, color: 'green' },
            { from: 0.02, color: 'yellow' },
            { from: 0.1, color: 'red' },
          ],
          noValue: 'no call',
          queries: [
            {
              expr: `(${q.increase(METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, '$__range', { where: failed })} or vector(0)) / ${q.increase(METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, '$__range')}`,
              legend: 'failed',
            },
          ],
        }),
        stat({
          title: 'Cost',
          description: 'Of the chosen time, of the models with a known price.',
          unit: 'currencyUSD',
          noValue: 'no priced call',
          queries: [{ expr: q.increase(METRIC_SWARMSCOPE_INFERENCE_COST, '$__range'), legend: 'cost' }],
        }),
        stat({
          title: 'Input from a cache',
          description:
            'Share of the input tokens that a cache answered: a tenth of the price, mostly. Low with long prompts: put what never changes first.',
          unit: 'percentunit',
          max: 1,
          noValue: 'none reported',
          queries: [
            {
              expr: `${q.increase(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS, '$__range')} / ${q.increase(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, '$__range')}`,
              legend: 'cached',
            },
          ],
        }),
        stat({
          title: 'First chunk (p95)',
          description: 'From the request to the first piece of a streamed answer.',
          unit: 's',
          noValue: 'no stream',
          queries: [{ expr: q.quantile(0.95, METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK), legend: 'first chunk' }],
        }),
        stat({
          title: 'Fullest rate limit',
          description: 'From the headers of the last answers.',
          unit: 'percentunit',
          max: 1,
          thresholds: percentThresholds,
          noValue: 'no headers',
          queries: [{ expr: q.max(METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION), legend: 'rate limit' }],
          goTo: ['swarmscope-saturation'],
        }),
      ],
    },
    {
      title: 'Money',
      panels: [
        timeseries({
          title: 'Cost per hour',
          description: 'At the present pace.',
          unit: 'currencyUSD',
          isStacked: true,
          queries: [{ expr: `3600 * ${q.rate(METRIC_SWARMSCOPE_INFERENCE_COST, byModel)}`, legend }],
        }),
        bars({
          title: 'Cost by kind of task',
          description: 'In the chosen time: what the money was spent for.',
          unit: 'currencyUSD',
          queries: [
            {
              expr: q.increase(METRIC_SWARMSCOPE_INFERENCE_COST, '$__range', { by: [ATTR_SWARMSCOPE_TASK_TYPE] }),
              legend: '{{swarmscope_task_type}}',
            },
          ],
        }),
        table({
          title: 'By model, in the chosen time',
          description: 'A model without a cost has no known price: give one in SWARMSCOPE_PRICES.',
          unit: 'short',
          queries: [
            { expr: q.increase(METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, '$__range', byModel), legend: 'calls', isInstant: true },
            {
              expr: q.increase(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, '$__range', byModel),
              legend: 'input tokens',
              isInstant: true,
            },
            {
              expr: q.increase(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, '$__range', byModel),
              legend: 'output tokens',
              isInstant: true,
            },
            { expr: q.increase(METRIC_SWARMSCOPE_INFERENCE_COST, '$__range', byModel), legend: 'cost (USD)', isInstant: true },
          ],
        }),
      ],
    },
    {
      title: 'Speed',
      panels: [
        timeseries({
          title: 'Duration of a call (p50, p95)',
          description: 'The dots are exemplars of the span metrics: each opens its trace.',
          unit: 's',
          queries: [
            { expr: q.quantile(0.5, METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, byModel), legend: `p50 ${legend}` },
            { expr: q.quantile(0.95, METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, byModel), legend: `p95 ${legend}` },
          ],
        }),
        timeseries({
          title: 'Duration from spans (p95, with exemplars)',
          description: 'Counted by the collector before any sampling. A dot leads to the call.',
          unit: 's',
          queries: [
            { expr: q.quantile(0.95, SPAN_METRICS.duration, { by: model, where: { [ATTR_GEN_AI_REQUEST_MODEL]: { not: '' } } }), legend },
          ],
        }),
        timeseries({
          title: 'Time to the first chunk (p95)',
          description: 'Grows with the prompt and with the load of the provider.',
          unit: 's',
          queries: [{ expr: q.quantile(0.95, METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK, byModel), legend }],
        }),
        timeseries({
          title: 'Time per output chunk (p95)',
          description: 'The pace of a stream once it runs.',
          unit: 's',
          queries: [{ expr: q.quantile(0.95, METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK, byModel), legend }],
        }),
      ],
    },
    {
      title: 'Tokens',
      panels: [
        timeseries({
          title: 'Tokens per second',
          description: 'Cached and written to a cache are part of the input; reasoning is part of the output.',
          unit: 'short',
          queries: [
            { expr: q.rate(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS), legend: 'input' },
            { expr: q.rate(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS), legend: 'input from a cache' },
            { expr: q.rate(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS), legend: 'input into a cache' },
            { expr: q.rate(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS), legend: 'output' },
            { expr: q.rate(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS), legend: 'output: reasoning' },
          ],
        }),
        timeseries({
          title: 'Tokens of one call (p95)',
          description: 'Input that only grows: histories are carried along.',
          unit: 'short',
          queries: [
            { expr: q.quantile(0.95, METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS, byModel), legend: `input ${legend}` },
            { expr: q.quantile(0.95, METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS, byModel), legend: `output ${legend}` },
          ],
        }),
        timeseries({
          title: 'Context in use (p95)',
          description: 'Tokens in the window, by model; the share of the window is on the saturation board.',
          unit: 'short',
          queries: [{ expr: q.quantile(0.95, METRIC_SWARMSCOPE_CONTEXT_USAGE, byModel), legend }],
          goTo: ['swarmscope-saturation'],
        }),
        timeseries({
          title: 'Tokens by agent per second',
          description: 'Input and output together.',
          unit: 'short',
          isStacked: true,
          queries: [
            {
              expr: `${q.rate(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, { by: [ATTR_GEN_AI_AGENT_NAME] })} + ${q.rate(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, { by: [ATTR_GEN_AI_AGENT_NAME] })}`,
              legend: '{{gen_ai_agent_name}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Errors and limits',
      panels: [
        timeseries({
          title: 'Failed attempts per minute, by reason',
          description: 'By provider and type of the error.',
          unit: 'short',
          isStacked: true,
          queries: [
            {
              expr: `60 * ${q.rate(METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, { by: [ATTR_GEN_AI_PROVIDER_NAME, ATTR_ERROR_TYPE], where: failed })}`,
              legend: '{{gen_ai_provider_name}} {{error_type}}',
            },
          ],
        }),
        timeseries({
          title: 'Refused for rate per minute',
          description: 'By model. Lower the limit of the pool, or spread the retries.',
          unit: 'short',
          queries: [{ expr: `60 * ${q.rate(METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS, { by: model })}`, legend }],
        }),
        timeseries({
          title: 'Use of the rate limit',
          description: 'Requests and tokens, as the provider counts them.',
          unit: 'percentunit',
          max: 1,
          needs: 'a provider that sends rate-limit headers',
          queries: [
            {
              expr: q.max(METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION, { by: [...model, ATTR_SWARMSCOPE_RATE_LIMIT_KIND] }),
              legend: `${legend} {{swarmscope_rate_limit_kind}}`,
            },
            { expr: 'vector(1)', legend: 'limit', isLimit: true },
          ],
        }),
        traces({
          title: 'Failed calls',
          description: 'Newest first; each opens inside of the task that made it.',
          width: 12,
          height: 8,
          traceql: `{ ${isCall} && status = error }`,
        }),
      ],
    },
  ],
};
