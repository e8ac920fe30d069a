// A swarm of short processes with a known truth, and what a sink was told about it.
import { join } from 'node:path';
import {
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_SWARMSCOPE_INFERENCE_COST,
  METRIC_SWARMSCOPE_TASK_DURATION,
} from '../../../src/semconv/index.ts';
import { readMetrics } from '../../../src/viewer/receive/rows/index.ts';
import { dist, ensureBuilt, runProgram, startModels, startSink, type Models, type Sink, type SinkRequest } from '../../harness/index.ts';

ensureBuilt();

export const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
/** US dollars of one call: gpt-4o costs 2.5 and 10 a million tokens. */
const CALL_COST = (11 * 2.5 + 7 * 10) / 1e6;

export const programs = join(import.meta.dirname, 'programs');
export const program = (name: string): string => join(programs, `${name}.cjs`);

/** A provider whose every answer costs the same. */
export async function startPricedModels(): Promise<Models> {
  const models = await startModels({ answersAll: false });
  models.mock.onMessage(/[^]*/, { content: 'pong', usage });
  return models;
}

export type Ending = 'return' | 'exit' | 'fail' | 'throw' | 'term' | 'kill';
export type Plan = readonly (readonly [calls: number, ending: Ending])[];

/** Everyone ends in another way; one in twenty is killed. */
export function planOf(size: number): Plan {
  const endings: Ending[] = ['return', 'exit', 'fail', 'throw', 'term'];
  return Array.from(
    { length: size },
    (_, index) => [1 + (index % 3), index % 20 === 19 ? 'kill' : (endings[index % 5] as Ending)] as const,
  );
}

export interface Truth {
  readonly calls: number;
  readonly input: number;
  readonly output: number;
  readonly cost: number;
  readonly tasks: number;
}

export const truthOf = (calls: number): Truth => ({ calls, input: calls * 11, output: calls * 7, cost: calls * CALL_COST, tasks: calls });

export const callsOf = (plan: Plan): number => plan.reduce((sum, [calls]) => sum + calls, 0);
/** Calls that a killed member made after it had last told its root. */
export const riskedOf = (plan: Plan): number => plan.filter(([, ending]) => ending === 'kill').length;

/**
 * What every process of a test is started with. JSON, because its bodies can be read here without a decoder of ours.
 */
export function environmentOf({
  models,
  endpoint,
  ...more
}: { models: Models; endpoint: string } & Record<string, unknown>): Record<string, string> {
  return {
    ...models.env,
    API_DOOR: join(dist, 'index.cjs'),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    // What the machine does is no part of the truth (host.test.ts).
    SWARMSCOPE_HOST_METRICS: 'off',
    // A loaded test machine may need more than the default second to send what is left.
    SWARMSCOPE_EXIT_TIMEOUT: '10000',
    ...(more as Record<string, string>),
  };
}

export interface Point {
  readonly name: string;
  readonly kind: 'sum' | 'gauge' | 'histogram';
  readonly isMonotonic: boolean;
  readonly instanceId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of its series: name, writer, attributes. */
  readonly key: string;
  readonly startMs: number;
  readonly timeMs: number;
  /** Histograms: the count. undefined: the series has ended. */
  readonly value: number | undefined;
  readonly sum: number | undefined;
  readonly buckets: readonly number[];
}

interface OtlpPoint {
  attributes: { key: string; value: Record<string, unknown> }[];
  startTimeUnixNano: string;
  timeUnixNano: string;
  flags?: number;
  asInt?: string;
  asDouble?: number;
  count?: string;
  sum?: number;
  bucketCounts?: string[];
}
type OtlpMetric = { name: string } & Partial<Record<Point['kind'], { isMonotonic?: boolean; dataPoints: OtlpPoint[] }>>;
interface OtlpRequest {
  resourceMetrics: { resource: { attributes: OtlpPoint['attributes'] }; scopeMetrics: { metrics: OtlpMetric[] }[] }[];
}

const plain = (attributes: OtlpPoint['attributes']): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** Every point in order of arrival; of a run's receiver, which is told in protobuf, without start times and ends. */
export function pointsOf(sink: Sink): Point[] {
  return sink.accepted('metrics').flatMap(pointsIn);
}

export function pointsIn({ body, contentType }: Pick<SinkRequest, 'body'> & { readonly contentType: string }): Point[] {
  return contentType === 'application/json' ? readJson(body) : readBinary(body);
}

function readBinary(body: Buffer): Point[] {
  return readMetrics(body, 'protobuf').points.map((row) => ({
    ...row,
    isMonotonic: row.isMonotonic || row.kind === 'histogram',
    key: keyOf(row.name, row.instanceId, row.attributes),
    startMs: 0,
    sum: row.sum,
    buckets: row.buckets?.counts ?? [],
  }));
}

const keyOf = (name: string, instanceId: string, attributes: Readonly<Record<string, unknown>>): string =>
  JSON.stringify([name, instanceId, Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))]);

function readJson(body: Buffer): Point[] {
  return (JSON.parse(body.toString('utf8')) as OtlpRequest).resourceMetrics.flatMap(({ resource, scopeMetrics }) => {
    const instanceId = String(plain(resource.attributes)['service.instance.id']);
    return scopeMetrics.flatMap(({ metrics }) => metrics.flatMap((metric) => readMetric(metric, instanceId)));
  });
}

function readMetric(metric: OtlpMetric, instanceId: string): Point[] {
  return (['sum', 'gauge', 'histogram'] as const).flatMap((kind) =>
    (metric[kind]?.dataPoints ?? []).map((point) => {
      const attributes = plain(point.attributes);
      const value = point.asInt ?? point.asDouble ?? point.count;
      return {
        name: metric.name,
        kind,
        isMonotonic: kind === 'histogram' || metric[kind]?.isMonotonic === true,
        instanceId,
        attributes,
        key: keyOf(metric.name, instanceId, attributes),
        startMs: Number(BigInt(point.startTimeUnixNano) / 1_000_000n),
        timeMs: Number(BigInt(point.timeUnixNano) / 1_000_000n),
        value: ((point.flags ?? 0) & 1) === 1 || value === undefined ? undefined : Number(value),
        sum: point.sum,
        buckets: (point.bucketCounts ?? []).map(Number),
      };
    }),
  );
}

/** The newest point of each series. */
export function lastOf(points: readonly Point[], name: string): Point[] {
  const last = new Map<string, Point>();
  for (const point of points) if (point.name === name) last.set(point.key, point);
  return [...last.values()];
}

const total = (points: readonly Point[], name: string): number => lastOf(points, name).reduce((sum, { value = 0 }) => sum + value, 0);

/** The sums over all series, as a backend shows them. */
export function totalsOf(points: readonly Point[]): Omit<Truth, 'calls'> {
  return {
    input: total(points, METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS.name),
    output: total(points, METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS.name),
    cost: Number(total(points, METRIC_SWARMSCOPE_INFERENCE_COST.name).toFixed(9)),
    tasks: total(points, METRIC_SWARMSCOPE_TASK_DURATION.name),
  };
}

/** The same of the truth, for comparing. */
export const sumsOf = ({ input, output, cost, tasks }: Truth): Omit<Truth, 'calls'> => ({
  input,
  output,
  cost: Number(cost.toFixed(9)),
  tasks,
});

export const writersOf = (points: readonly Point[]): string[] => [...new Set(points.map(({ instanceId }) => instanceId))];
export const seriesOf = (points: readonly Point[]): string[] => [...new Set(points.map(({ key }) => key))];

/** What no series may do: fall, run backwards in time, move its start; per writer and series. */
export function faultsOf(points: readonly Point[]): string[] {
  const before = new Map<string, Point>();
  const faults: string[] = [];
  for (const point of points) {
    const last = before.get(point.key);
    before.set(point.key, point);
    if (point.timeMs <= point.startMs) faults.push(`${point.key} counts over no time`);
    if (last === undefined) {
      if (point.isMonotonic && point.value !== 0) faults.push(`${point.key} begins with ${point.value}`);
      continue;
    }
    // A request whose answer did not come in time is sent again: the same point, which every backend takes as one.
    if (point.timeMs === last.timeMs && point.value === last.value && point.sum === last.sum) continue;
    if (point.timeMs <= last.timeMs) faults.push(`${point.key} goes from ${last.timeMs} to ${point.timeMs} ms`);
    if (point.startMs !== last.startMs) faults.push(`${point.key} starts again`);
    if (!point.isMonotonic) continue;
    if ((point.value ?? 0) < (last.value ?? 0)) faults.push(`${point.key} falls from ${last.value} to ${point.value}`);
    if (point.sum !== undefined && point.sum < (last.sum ?? 0)) faults.push(`${point.key} has a falling sum`);
    point.buckets.forEach((count, index) => {
      if (count < (last.buckets[index] ?? 0)) faults.push(`${point.key} has a falling bucket`);
    });
  }
  return faults;
}

/** A swarm that has ended. */
export interface Swarm {
  readonly plan: Plan;
  readonly ends: Readonly<Record<string, number>>;
  readonly sink: Sink;
  readonly points: readonly Point[];
  /** Calls that the provider answered. */
  readonly answered: number;
}

/** Runs a swarm of `size` processes, one member for each line of its plan, to its end. */
export async function runSwarm(models: Models, size: number): Promise<Swarm> {
  const sink = await startSink();
  const plan = planOf(size);
  const before = models.mock.getRequests().length;
  const result = await runProgram({
    file: program('swarm'),
    env: environmentOf({ models, endpoint: sink.url, PLAN: JSON.stringify(plan), SWARMSCOPE_EXIT_TIMEOUT: '20000' }),
    timeoutMs: 800_000,
  });
  await sink.close();
  if (result.code !== 0) throw new Error(`the swarm ended with ${JSON.stringify(result)}`);
  return {
    plan,
    ends: JSON.parse(result.stdout) as Record<string, number>,
    sink,
    points: pointsOf(sink),
    answered: models.mock.getRequests().length - before,
  };
}
