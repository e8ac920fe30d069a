/** The row of the board of LLM calls about those that failed or were refused. */
import * as names from '../../semconv/index.ts';
import { timeseries, traces, type Row } from '../panel.ts';
import { narrowed, queries, showing, spansWhere } from '../query.ts';

/** Of the whole board. */
export const scope = narrowed({ [names.ATTR_GEN_AI_REQUEST_MODEL]: 'model' });
const q = queries(scope);
const model = [names.ATTR_GEN_AI_REQUEST_MODEL];
const legend = '{{gen_ai_request_model}}';
export const failed = { [names.ATTR_ERROR_TYPE]: { not: '' } };
const isCall = `span.${names.ATTR_GEN_AI_OPERATION_NAME} =~ "chat|generate_content|text_completion" && span.${names.ATTR_GEN_AI_REQUEST_MODEL} =~ "$model"`;

export const errors: Row = {
      title: 'Errors and limits',
      panels: [
        timeseries({
          title: 'Failed attempts per minute, by reason',
          description: 'By provider and type of the error. 429: fewer workers; 4xx: what is sent is wrong; 5xx and cut streams: the provider, try another one.',
          unit: 'short',
          isStacked: true,
          queries: [
            {
              expr: `60 * ${q.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, { by: [names.ATTR_GEN_AI_PROVIDER_NAME, names.ATTR_ERROR_TYPE], where: failed })}`,
              legend: '{{gen_ai_provider_name}} {{error_type}}',
            },
          ],
        }),
        timeseries({
          title: 'Use of the rate limit',
          description: 'Requests and tokens, as the provider counts them. Which of the two is full says what to save: calls or words.',
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: q.max(names.METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION, { by: [...model, names.ATTR_SWARMSCOPE_RATE_LIMIT_KIND] }),
              legend: `${legend} {{swarmscope_rate_limit_kind}}`,
            },
            { expr: 'vector(1)', legend: 'limit', isLimit: true },
          ],
        }),
        traces({
          title: 'Failed calls',
          description: 'Newest first; each opens inside of the task that made it.',
          traceql: showing(spansWhere(`${isCall} && status = error`), names.ATTR_GEN_AI_REQUEST_MODEL, names.ATTR_ERROR_TYPE),
        }),
      ],
    };
