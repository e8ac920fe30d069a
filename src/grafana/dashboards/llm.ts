/** The board of LLM calls: their number, latency, use of the context window, and cost. */
import * as names from '../../semconv/index.ts';
import { bars, percentThresholds, stat, table, timeseries, type Board } from '../panel.ts';
import { named, overRange, queries, share } from '../query.ts';
import { DOTS, fromSpans } from './from-spans.ts';
import { errors, failed, scope } from './llm-errors.ts';
import { routing } from './llm-routing.ts';
import { common, valuesOf } from './variables.ts';

const q = queries(scope);
const inAll = queries(overRange(scope));
const range = '$__range';
const model = [names.ATTR_GEN_AI_REQUEST_MODEL];
const legend = '{{gen_ai_request_model}}';
const byModel = { by: model };
const calls = q.total(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, range);
/** Cost and tokens of a worker in a process of its own know neither the task's type nor the agent that started it. */
const UNNAMED = 'not known';
const agent = [names.ATTR_GEN_AI_AGENT_NAME];
const CACHE = 'a provider that reports cached tokens';

export const llm: Board = {
  uid: 'swarmscope-llm',
  title: 'LLM use and cost',
  description: 'One call is one attempt on the wire, so that refused and repeated ones show.',
  variables: [
    ...common,
    valuesOf('model', 'Model', names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, names.ATTR_GEN_AI_REQUEST_MODEL),
  ],
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Calls',
          description: 'Attempts in the chosen time. None while tasks run: they work with tools, or the calls go a way that is not seen; `swarmscope doctor` tells.',
          unit: 'short',
          decimals: 0,
          noValue: 'none',
          queries: [{ expr: calls, legend: 'calls' }],
        }),
        stat({
          title: 'Failed',
          description: 'Share of the attempts of the chosen time that ended in an error, refused ones (429) included. The last row says why.',
          unit: 'percentunit',
          thresholds: [
            { from: 0, color: 'green' },
            { from: 0.02, color: 'yellow' },
            { from: 0.1, color: 'red' },
          ],
          noValue: 'no call',
          queries: [
            {
              expr: share(q.total(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, range, { where: failed }), calls),
              legend: 'failed',
            },
          ],
        }),
        stat({
          title: 'Cost',
          description: 'Of the chosen time, of the models with a known price. The row below says what it was spent for.',
          unit: 'currencyUSD',
          noValue: 'no priced call',
          queries: [{ expr: q.total(names.METRIC_SWARMSCOPE_INFERENCE_COST, range), legend: 'cost' }],
        }),
        stat({
          title: 'Input from a cache',
          description:
            'Share of the input tokens that a cache answered: a tenth of the price, mostly. Low with long prompts: put what never changes first.',
          unit: 'percentunit',
          max: 1,
          noValue: 'none reported',
          needs: CACHE,
          queries: [
            {
              expr: `${q.total(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS, range)} / (${q.total(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, range)} > 0)`,
              legend: 'cached',
            },
          ],
        }),
        stat({
          title: 'First chunk (p95)',
          description: 'From the request to the first piece of a streamed answer, in the chosen time. High: long prompts, or a provider under load.',
          unit: 's',
          noValue: 'no stream',
          queries: [{ expr: inAll.quantile(0.95, names.METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK), legend: 'first chunk' }],
        }),
        stat({
          title: 'Fullest rate limit',
          description: 'From the headers of the last answers. At 100 % the next call is refused: lower the limit of the pool.',
          unit: 'percentunit',
          max: 1,
          thresholds: percentThresholds,
          noValue: 'no headers',
          queries: [{ expr: q.max(names.METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION), legend: 'rate limit' }],
          goTo: ['swarmscope-saturation'],
        }),
      ],
    },
    {
      title: 'Money',
      panels: [
        timeseries({
          title: 'Cost per hour',
          description: 'At the present pace. A model that costs more than it is worth shows here first.',
          unit: 'currencyUSD',
          isStacked: true,
          queries: [{ expr: `3600 * ${q.rate(names.METRIC_SWARMSCOPE_INFERENCE_COST, byModel)}`, legend }],
        }),
        bars({
          title: 'Cost by kind of task',
          description: 'In the chosen time: what the money was spent for. Calls of workers in processes of their own do not know their task.',
          unit: 'currencyUSD',
          queries: [
            {
              expr: named(
                q.total(names.METRIC_SWARMSCOPE_INFERENCE_COST, range, { by: [names.ATTR_SWARMSCOPE_TASK_TYPE] }),
                names.ATTR_SWARMSCOPE_TASK_TYPE,
                UNNAMED,
              ),
              legend: '{{swarmscope_task_type}}',
            },
          ],
        }),
        table({
          title: 'By model, in the chosen time',
          description: 'A model without a cost has no known price: give one in SWARMSCOPE_PRICES.',
          unit: 'short',
          queries: [
            { expr: q.total(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, range, byModel), legend: 'calls' },
            { expr: q.total(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, range, byModel), legend: 'input tokens' },
            { expr: q.total(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, range, byModel), legend: 'output tokens' },
            { expr: q.total(names.METRIC_SWARMSCOPE_INFERENCE_COST, range, byModel), legend: 'cost', unit: 'currencyUSD' },
          ],
        }),
      ],
    },
    {
      title: 'Rate and speed',
      panels: [
        timeseries({
          title: 'Attempts per minute',
          description: 'By model. Fewer than usual while tasks run: the swarm waits, or works with tools.',
          unit: 'short',
          isStacked: true,
          queries: [{ expr: `60 * ${q.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, byModel)}`, legend }],
        }),
        timeseries({
          title: 'Calls under way',
          description: 'Begun and not ended, by model. Flat at the size of a pool: the pool is what limits; far above it: calls hang.',
          unit: 'short',
          isStacked: true,
          queries: [{ expr: q.sum(names.METRIC_SWARMSCOPE_INFERENCE_ACTIVE, byModel), legend }],
        }),
        timeseries({
          title: 'Duration of a call (p50, p95)',
          description: `One model grows: its provider is slow; all grow: prompts do, or your line. ${DOTS}`,
          unit: 's',
          queries: [
            { expr: q.quantile(0.5, names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, byModel), legend: `p50 ${legend}` },
            { expr: q.quantile(0.95, names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, byModel), legend: `p95 ${legend}` },
            fromSpans(scope, { [names.ATTR_GEN_AI_REQUEST_MODEL]: { not: '' } }),
          ],
        }),
        timeseries({
          title: 'Time to the first chunk (p95)',
          description: 'Grows with the prompt and with the load of the provider. What never changes belongs at the beginning of a prompt, where caches find it.',
          unit: 's',
          queries: [{ expr: q.quantile(0.95, names.METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK, byModel), legend }],
        }),
        timeseries({
          title: 'Time per output chunk (p95)',
          description: 'The pace of a stream once it runs. Slow while the first chunk is fast: long answers; ask for shorter ones.',
          unit: 's',
          queries: [{ expr: q.quantile(0.95, names.METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK, byModel), legend }],
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
            { expr: q.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS), legend: 'input' },
            { expr: q.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS), legend: 'input from a cache', needs: CACHE },
            { expr: q.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS), legend: 'input into a cache', needs: CACHE },
            { expr: q.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS), legend: 'output' },
            { expr: q.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS), legend: 'output: reasoning', needs: 'a model that reasons' },
          ],
        }),
        timeseries({
          title: 'Tokens of one call (p95)',
          description: 'Input that only grows: histories are carried along. Compact them, or start a fresh conversation per task.',
          unit: 'short',
          queries: [
            { expr: q.quantile(0.95, names.METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS, byModel), legend: `input ${legend}` },
            { expr: q.quantile(0.95, names.METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS, byModel), legend: `output ${legend}` },
          ],
        }),
        timeseries({
          title: 'Context in use (p95)',
          description: 'Tokens in the window, by model; the share of the window is on the saturation board, with what to do.',
          unit: 'short',
          queries: [{ expr: q.quantile(0.95, names.METRIC_SWARMSCOPE_CONTEXT_USAGE, byModel), legend }],
          goTo: ['swarmscope-saturation'],
        }),
        timeseries({
          title: 'Compactions per hour',
          description: 'That the providers tell of, by who asked for it, or (inferred) that a fall of input tokens in one conversation shows. What they leave out is forgotten.',
          unit: 'short',
          noValue: 'none',
          queries: [
            {
              expr: `3600 * ${q.rate(names.METRIC_SWARMSCOPE_CONTEXT_COMPACTIONS, { by: [names.ATTR_SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER] })}`,
              legend: '{{swarmscope_context_compaction_trigger}}',
              needs: 'a provider that tells of compactions, or a conversation that comes back far smaller',
            },
          ],
        }),
        timeseries({
          title: 'Tokens by agent per second',
          description: 'Input and output together: which agent to look at first.',
          unit: 'short',
          isStacked: true,
          queries: [
            {
              expr: named(
                `${q.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, { by: agent })} + ${q.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, { by: agent })}`,
                names.ATTR_GEN_AI_AGENT_NAME,
                UNNAMED,
              ),
              legend: '{{gen_ai_agent_name}}',
            },
          ],
        }),
      ],
    },
    routing,
    errors,
  ],
};
