/** Our metrics, made from other programs' spans, events and metrics: the definitions of signal_to_metrics. */
import type { MetricSpec } from '../../src/semconv/types.ts';
import * as semconv from '../../src/semconv/index.ts';
import type { Counting, MetricRule } from './counting.ts';
import { anyOf, attribute, isOneOf, quote, type Context } from './statements.ts';

type What = 'call' | 'usage' | 'tokens' | 'embeddings' | 'tool' | 'agent' | 'workflow';

interface Measure {
  readonly metric: MetricSpec;
  readonly of: What;
  /** `duration`, an attribute that must be there, or 1 for each. */
  readonly value: 'duration' | { readonly attribute: string } | 1;
  /** An attribute and the number that it must be. */
  readonly where?: readonly [string, number];
}

const input = { attribute: semconv.ATTR_GEN_AI_USAGE_INPUT_TOKENS };
const output = { attribute: semconv.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS };

const MEASURES: readonly Measure[] = [
  { metric: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, of: 'call', value: 'duration' },
  { metric: semconv.METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS, of: 'call', value: 1, where: [semconv.ATTR_HTTP_RESPONSE_STATUS_CODE, 429] },
  {
    metric: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
    of: 'usage',
    value: { attribute: semconv.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK },
  },
  { metric: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS, of: 'usage', value: input },
  { metric: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS, of: 'usage', value: output },
  { metric: semconv.METRIC_SWARMSCOPE_CONTEXT_USAGE, of: 'usage', value: input },
  { metric: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, of: 'tokens', value: input },
  { metric: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, of: 'tokens', value: output },
  {
    metric: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
    of: 'tokens',
    value: { attribute: semconv.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS },
  },
  {
    metric: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
    of: 'tokens',
    value: { attribute: semconv.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS },
  },
  {
    metric: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
    of: 'tokens',
    value: { attribute: semconv.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS },
  },
  { metric: semconv.METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION, of: 'embeddings', value: 'duration' },
  { metric: semconv.METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS, of: 'embeddings', value: input },
  { metric: semconv.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, of: 'tool', value: 'duration' },
  { metric: semconv.METRIC_GEN_AI_INVOKE_AGENT_DURATION, of: 'agent', value: 'duration' },
  { metric: semconv.METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, of: 'workflow', value: 'duration' },
];

const INFERENCE = ['chat', 'text_completion', 'generate_content'];
/** Values of gen_ai.operation.name. */
const OPERATIONS: Readonly<Record<What, readonly string[]>> = {
  call: INFERENCE,
  usage: INFERENCE,
  tokens: INFERENCE,
  embeddings: ['embeddings'],
  tool: ['execute_tool'],
  agent: ['invoke_agent'],
  workflow: ['invoke_workflow'],
};
const OF_EVENT = { call: ['call'], usage: ['usage', 'tokens'], tool: ['tool'] } as const satisfies Record<string, readonly What[]>;

/** One entry of the connector. */
export interface Definition {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly include_resource_attributes: readonly { readonly key: string }[];
  readonly attributes: readonly { readonly key: string; readonly optional?: true }[];
  readonly conditions: readonly string[];
  readonly sum?: { readonly value: string; readonly monotonic: true };
  readonly histogram?: { readonly value: string; readonly buckets: readonly number[] };
}

/** Few: the sum is over all sessions, processes and hosts of a service. */
const RESOURCE = [semconv.ATTR_SERVICE_NAME, semconv.ATTR_SERVICE_NAMESPACE, semconv.ATTR_DEPLOYMENT_ENVIRONMENT_NAME];
const OF_RESOURCE = RESOURCE.map((key) => ({ key }));
const DIALECT = semconv.ATTR_SWARMSCOPE_DIALECT;
const SWITCH = '"${env:COUNT_NODE_LIBRARIES:-no}" == "yes"';

const known = new Map<string, Definition['attributes']>();

/** The dialect must be there, so that what is ours is passed at once. Equal lists are one object, which the file shows once. */
function labels(names: readonly string[]): Definition['attributes'] {
  const key = names.join();
  const made = known.get(key) ?? [{ key: DIALECT }, ...names.map((name) => ({ key: name, optional: true as const }))];
  known.set(key, made);
  return made;
}

/** Metrics that come out of the connector, for what is done with their points. */
export const COUNTED_METRICS: readonly MetricSpec[] = MEASURES.map(({ metric }) => metric);

/** Spans in OpenTelemetry's own words: counted where nobody else does. */
const STANDARD: Counting = { dialect: semconv.STANDARD_DIALECT, calls: 'spans', tokens: 'spans', notIn: 'nodejs', logs: [] };

export function fromSpans(dialects: readonly Counting[]): Definition[] {
  const countings = [...dialects, STANDARD];
  const path = attribute('span', DIALECT);
  const language = `resource.attributes[${quote(semconv.ATTR_TELEMETRY_SDK_LANGUAGE)}]`;
  const counted = (of: What): string[] => {
    const from = countings.filter(({ calls, tokens }) => (of === 'tokens' ? tokens : calls) === 'spans');
    const always = from.filter(({ notIn }) => notIn === undefined).map(({ dialect }) => dialect);
    const languages = [...new Set(from.map(({ notIn }) => notIn).filter((notIn) => notIn !== undefined))];
    const sometimes = languages.map((notIn) => {
      const names = from.filter((one) => one.notIn === notIn).map(({ dialect }) => dialect);
      return `(${isOneOf(path, names)} and (${language} != ${quote(notIn)} or ${SWITCH}))`;
    });
    return [...(always.length === 0 ? [] : [isOneOf(path, always)]), ...sometimes];
  };
  return MEASURES.map((measure) =>
    define(measure, {
      context: 'span',
      duration: 'Seconds(span.end_time - span.start_time)',
      conditions: [
        isOneOf(attribute('span', semconv.ATTR_GEN_AI_OPERATION_NAME), OPERATIONS[measure.of]),
        // Spans of libraries that our own provider took in are counted where they were made.
        `resource.attributes[${quote(semconv.ATTR_TELEMETRY_DISTRO_NAME)}] != "swarmscope"`,
        anyOf(counted(measure.of)),
      ],
    }),
  );
}

export function fromLogs(countings: readonly Counting[]): Definition[] {
  return countings.flatMap(({ logs }) =>
    logs.flatMap(({ event, counts, milliseconds }) =>
      MEASURES.filter(({ of }) => (OF_EVENT[counts] as readonly What[]).includes(of)).map((measure) =>
        define(measure, {
          context: 'log',
          duration: milliseconds === undefined ? undefined : `Double(${attribute('log', milliseconds)}) / 1000.0`,
          conditions: [`${attribute('log', semconv.ATTR_EVENT_NAME)} == ${quote(event)}`],
        }),
      ),
    ),
  );
}

export function fromMetrics(countings: readonly Counting[], specs: ReadonlyMap<string, MetricSpec>): Definition[] {
  return countings.flatMap(({ metrics }) => (metrics?.rules ?? []).map((rule) => fromPoints(rule, specs)));
}

function fromPoints({ from, to, where = {}, unit = '', keep = [] }: MetricRule, specs: ReadonlyMap<string, MetricSpec>): Definition {
  const spec = to === undefined ? undefined : specs.get(to);
  if (to !== undefined && spec === undefined) throw new Error(`${from} is to become ${to}, which is not in the registry`);
  if (spec !== undefined && spec.instrument !== 'counter') throw new Error(`${from} is to become ${to}, which is no counter`);
  const allowed = Object.entries(where).map(([name, values]) => isOneOf(attribute('datapoint', name), values));
  return {
    name: to ?? from,
    description: spec?.description ?? '',
    unit: spec?.unit ?? unit,
    include_resource_attributes: OF_RESOURCE,
    attributes: labels(spec?.attributes ?? keep),
    conditions: [[`metric.name == ${quote(from)}`, ...allowed].join(' and ')],
    // Points are whole numbers or not; the other field of a point is 0.
    sum: { value: 'Double(datapoint.value_int) + datapoint.value_double', monotonic: true },
  };
}

interface Source {
  readonly context: Context;
  readonly duration: string | undefined;
  readonly conditions: readonly string[];
}

function define({ metric, value, where }: Measure, { context, duration, conditions }: Source): Definition {
  if (value === 'duration' && duration === undefined) throw new Error(`nothing tells the duration for ${metric.name}`);
  const isAttribute = typeof value === 'object';
  const path = isAttribute ? attribute(context, value.attribute) : '';
  const number = value === 1 ? '1' : isAttribute ? `${metric.valueType === 'int' ? 'Int' : 'Double'}(${path})` : String(duration);
  const all = [
    ...conditions,
    ...(isAttribute ? [`${path} != nil`] : []),
    ...(where === undefined ? [] : [`${attribute(context, where[0])} == ${where[1]}`]),
  ];
  return {
    name: metric.name,
    description: metric.description,
    unit: metric.unit,
    include_resource_attributes: OF_RESOURCE,
    attributes: labels(metric.attributes),
    conditions: [all.join(' and ')],
    ...(metric.instrument === 'histogram'
      ? { histogram: { value: number, buckets: metric.buckets ?? [] } }
      : { sum: { value: number, monotonic: true } }),
  };
}
