/** Alerts on LLM calls: rate limits, errors and full context windows. */
import * as names from '../../semconv/index.ts';
import { inRule, queries } from '../query.ts';
import type { AlertGroup } from './alert.ts';

const q5 = queries(inRule('5m'));
const q15 = queries(inRule('15m'));
const by = ['service_name', names.ATTR_GEN_AI_PROVIDER_NAME, names.ATTR_GEN_AI_REQUEST_MODEL];
const byModel = ['service_name', names.ATTR_GEN_AI_REQUEST_MODEL];
/** Ratios of a few calls say nothing. */
const enough = `${q5.increase(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, '10m', { by })} > 10`;
const of = '{{ $labels.gen_ai_request_model }}';

const model = 'service_name="s",gen_ai_provider_name="openai",gen_ai_request_model="m"';
const calls = (good: string, failed: string, error = '500'): Record<string, string> => ({
  [`${names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION.prometheus}_count{${model}}`]: good,
  [`${names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION.prometheus}_count{${model},error_type="${error}"}`]: failed,
});
const refused = (good: string, rejected: string): Record<string, string> => ({
  ...calls(good, rejected, 'rate_limit_exceeded'),
  [`${names.METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS.prometheus}{${model}}`]: rejected,
});
const context = (upTo80: string, all: string): Record<string, string> =>
  Object.fromEntries(
    [
      ['0.8', upTo80],
      ['1', all],
      ['+Inf', all],
    ].map(([le, values]) => [`${names.METRIC_SWARMSCOPE_CONTEXT_UTILIZATION.prometheus}_bucket{${model},le="${le}"}`, values ?? '']),
  );

export const llm: AlertGroup = {
  name: 'swarmscope-llm',
  alerts: [
    {
      name: 'LlmRateLimited',
      expr: `${q5.rate(names.METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS, { by })} / ${q5.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, { by })} > 0.05 and on (service_name, gen_ai_provider_name, gen_ai_request_model) ${enough}`,
      for: '5m',
      severity: 'warning',
      resource: 'rate_limit',
      summary: `${of} refuses calls of {{ $labels.service_name }} for their rate`,
      description: '{{ $value | humanizePercentage }} of the attempts are answered 429. Each costs its attempt and the wait after it.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning: 'The swarm asks more often than the provider lets it. Workers hold their slot while they wait to ask again.',
        causes: [
          'More workers than the rate limit bears.',
          'Retries without a random part: all come back at once.',
          'Another program uses the same key.',
        ],
        look: [
          'Saturation: refused for rate per minute, left of the rate limit.',
          'The report of a run: seconds lost to refused attempts and the waits after them.',
        ],
        act: [
          'Lower the limit of the pool until the refusals stop; the run is often faster.',
          'Wait as long as Retry-After says, and a random bit longer.',
          'Ask for a higher limit, or spread over models.',
        ],
      },
      cases: [
        { title: 'every third call refused', series: refused('0+20x60', '0+10x60'), at: '20m', fires: true },
        { title: 'one of a hundred refused', series: refused('0+99x60', '0+1x60'), at: '20m', fires: false },
      ],
    },
    {
      name: 'LlmRateLimitHeadroomLow',
      expr: `${q5.max(names.METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION, { by: [...by, names.ATTR_SWARMSCOPE_RATE_LIMIT_KIND] })} > 0.9`,
      for: '5m',
      severity: 'warning',
      resource: 'rate_limit',
      summary: `The rate limit of ${of} ({{ $labels.swarmscope_rate_limit_kind }}) is nearly used up by {{ $labels.service_name }}`,
      description: '{{ $value | humanizePercentage }} is used, by the headers of the last answers. The next step is 429.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning: 'The provider says that little is left of the limit: the swarm is about to be refused.',
        causes: ['More workers, longer prompts, or another program on the same key.'],
        look: ['Saturation: left of the rate limit, by kind: requests or tokens.'],
        act: ['Tokens: shorten prompts, use the cache. Requests: fewer workers, larger steps.'],
      },
      cases: [
        {
          title: 'a limit nearly used up',
          series: { [`${names.METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION.prometheus}{${model},swarmscope_rate_limit_kind="tokens"}`]: '0.95x30' },
          at: '10m',
          fires: true,
        },
        {
          title: 'half of a limit used',
          series: { [`${names.METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION.prometheus}{${model},swarmscope_rate_limit_kind="tokens"}`]: '0.5x30' },
          at: '10m',
          fires: false,
        },
      ],
    },
    {
      name: 'LlmErrorRatioHigh',
      expr: `${q5.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, { by, where: { [names.ATTR_ERROR_TYPE]: { like: '.+' } } })} / ${q5.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, { by })} > 0.1 unless on (service_name, gen_ai_provider_name, gen_ai_request_model) ${q5.rate(names.METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS, { by })} / ${q5.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, { by })} > 0.05 and on (service_name, gen_ai_provider_name, gen_ai_request_model) ${enough}`,
      for: '5m',
      severity: 'critical',
      resource: 'llm',
      summary: `Calls of {{ $labels.service_name }} to ${of} fail`,
      description: '{{ $value | humanizePercentage }} of the attempts fail, and not for their rate.',
      board: 'swarmscope-llm',
      runbook: {
        meaning: 'The model, the way to it, or what is sent to it is broken. Agents cannot work.',
        causes: [
          'An outage of the provider (5xx, overloaded).',
          'A key that was withdrawn (401, 403).',
          'Requests that the model does not take (400): a prompt that is too long, a wrong parameter.',
        ],
        look: ['LLM use and cost: failed attempts by reason, the list of failed calls.'],
        act: ['5xx: go over to another model or wait. 401/403: the key. 400: the request; open a failed call.'],
      },
      cases: [
        { title: 'every fifth call fails', series: calls('0+20x60', '0+5x60'), at: '20m', fires: true },
        { title: 'one of a hundred fails', series: calls('0+99x60', '0+1x60'), at: '20m', fires: false },
        { title: 'calls refused for their rate only', series: refused('0+20x60', '0+10x60'), at: '20m', fires: false },
      ],
    },
    {
      name: 'SwarmContextWindowNearLimit',
      expr: `${q15.quantile(0.95, names.METRIC_SWARMSCOPE_CONTEXT_UTILIZATION, { by: byModel })} > 0.9`,
      for: '10m',
      severity: 'warning',
      resource: 'context',
      summary: `Context windows of ${of} are nearly full in {{ $labels.service_name }}`,
      description: 'One call in twenty uses more than {{ $value | humanizePercentage }} of the window.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning: 'Agents carry so much history that the model has little space left. Quality falls before the window is full.',
        causes: [
          'Long conversations in one task.',
          'Tool results that are put in whole: files, logs, pages.',
          'Many tool definitions in every call.',
        ],
        look: [
          'Saturation: use of the context window by model.',
          'LLM use and cost: tokens of one call.',
          'Agents and hand-offs: tools offered to a call.',
        ],
        act: ['Cut tool results, compact earlier, split the task, offer fewer tools.'],
      },
      cases: [
        { title: 'calls with a full window', series: context('0x60', '0+10x60'), at: '30m', fires: true },
        { title: 'calls with space left', series: context('0+10x60', '0+10x60'), at: '30m', fires: false },
      ],
    },
    {
      name: 'SwarmContextOverflow',
      expr: `${q15.increase(names.METRIC_SWARMSCOPE_CONTEXT_OVERFLOWS, '15m', { by: byModel })} > 0`,
      severity: 'warning',
      resource: 'context',
      summary: `Prompts of {{ $labels.service_name }} are longer than ${of} takes`,
      description: 'About {{ $value | printf "%.0f" }} calls were refused in 15 minutes because the prompt did not fit.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning: 'The model refused a prompt that is longer than its window. The task that sent it has failed, or lost its history.',
        causes: ['A tool result of unexpected size.', 'A history that nobody compacts.'],
        look: ['LLM use and cost: failed calls; the trace shows the tool before.'],
        act: ['Bound what a tool may answer, and compact before the window is full.'],
      },
      cases: [
        {
          title: 'a prompt that does not fit',
          series: { [`${names.METRIC_SWARMSCOPE_CONTEXT_OVERFLOWS.prometheus}{${model}}`]: '0x5 1x30' },
          at: '10m',
          fires: true,
        },
        {
          title: 'an overflow long ago',
          series: { [`${names.METRIC_SWARMSCOPE_CONTEXT_OVERFLOWS.prometheus}{${model}}`]: '1x60' },
          at: '40m',
          fires: false,
        },
      ],
    },
  ],
};
