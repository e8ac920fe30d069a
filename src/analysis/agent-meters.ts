/** What agents used by their metrics alone: of calls that nobody told, their sums are all that is known. */
import { DIALECTS } from '../semconv/generated/dialects.ts';
import * as names from '../semconv/index.ts';
import type { Agents } from './agents.ts';
import type { MetricSeries, RunData } from './model.ts';
import type { SpanNode, SpanTree } from './span-tree.ts';

export interface Metered {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly reasoning: number | undefined;
  /** US dollars. */
  readonly cost: number | undefined;
  /** In the order of first use. */
  readonly models: readonly string[];
}

type Field = Exclude<keyof Metered, 'models'>;

const FIELDS: Readonly<Record<string, Field>> = {
  [names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS.name]: 'input',
  [names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS.name]: 'output',
  [names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS.name]: 'cacheRead',
  [names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS.name]: 'cacheWrite',
  [names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS.name]: 'reasoning',
  [names.METRIC_SWARMSCOPE_INFERENCE_COST.name]: 'cost',
};

const METERS = [
  ...DIALECTS.flatMap(({ meters }) => meters),
  // Who speaks our words needs no dialect.
  ...Object.keys(FIELDS).map((name) => ({ from: name, to: name, where: undefined })),
];
/** As agents name the model on their points, and as the convention does. */
const MODELS = [names.ATTR_GEN_AI_RESPONSE_MODEL, names.ATTR_GEN_AI_REQUEST_MODEL, 'model'];

/** By agent. Only series whose process is known. */
export function meteredBy({ series }: Pick<RunData, 'series'>, tree: SpanTree, agents: Agents): ReadonlyMap<SpanNode, Metered> {
  const owned = series.filter(({ owner }) => owner !== undefined);
  if (owned.length === 0) return new Map();
  const nodes = new Map(tree.topDown.map((node) => [`${node.row.traceId} ${node.row.spanId}`, node]));
  const sums = new Map<SpanNode, { -readonly [Member in Field]?: number } & { models: Set<string> }>();
  for (const one of owned) {
    const place = nodes.get(`${one.owner?.traceId ?? ''} ${one.owner?.spanId ?? ''}`);
    const agent = place === undefined ? undefined : agents.agentOf(place);
    const value = totalOf(one);
    if (agent === undefined || value === undefined) continue;
    for (const field of fieldsOf(one)) {
      const sum = sums.get(agent) ?? { models: new Set() };
      sums.set(agent, sum);
      sum[field] = (sum[field] ?? 0) + value;
      for (const name of MODELS) if (typeof one.attributes[name] === 'string') sum.models.add(one.attributes[name]);
    }
  }
  return new Map([...sums].map(([agent, { models, ...sum }]) => [agent, { ...NOTHING, ...sum, models: [...models] }]));
}

const NOTHING = { input: undefined, output: undefined, cacheRead: undefined, cacheWrite: undefined, reasoning: undefined, cost: undefined };

/** The last point of a running total. A gauge is none. */
function totalOf({ kind, isMonotonic, points }: MetricSeries): number | undefined {
  const last = points.at(-1);
  if (last === undefined || kind === 'gauge' || (kind === 'sum' && !isMonotonic)) return undefined;
  return kind === 'histogram' ? last.sum : last.value;
}

function fieldsOf({ name, attributes }: MetricSeries): Field[] {
  const fits = (where: Readonly<Record<string, readonly string[]>> = {}): boolean =>
    Object.entries(where).every(([attribute, values]) => values.includes(String(attributes[attribute])));
  return METERS.flatMap(({ from, to, where }) => (from === name && fits(where) ? (FIELDS[to] ?? []) : []));
}
