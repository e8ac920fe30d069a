// What a sink was told by metrics, scope by scope: the last of what is cumulative, the sum of what are deltas.
import { itemsOf, numberIn, numbersIn, readAttributes, stringIn, treeIn, treesIn } from '../../../src/otlp/read/index.ts';
import { readOrigin } from '../../../src/viewer/receive/rows/origin.ts';
import type { Sink } from '../../harness/index.ts';

export interface ToldSeries {
  readonly scope: string;
  readonly name: string;
  readonly unit: string;
  readonly kind: 'sum' | 'gauge' | 'histogram';
  readonly isMonotonic: boolean;
  readonly isDelta: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of a histogram the count. */
  value: number;
  /** Of a histogram. */
  sum?: number;
  buckets?: readonly number[];
  points: number;
}

const NO_RECORDED_VALUE = 1;
const DELTA = 1;

/** Series of other scopes than ours, or all. */
export function toldMetrics(sink: Sink, { isOurs = false }: { isOurs?: boolean } = {}): ToldSeries[] {
  const series = new Map<string, ToldSeries>();
  for (const { body, contentType } of sink.accepted('metrics')) {
    for (const { item, group, owner } of itemsOf(body, contentType.includes('json') ? 'json' : 'protobuf', 'MetricsRequest')) {
      const scope = treeIn(group, 'scope') ?? {};
      if (stringIn(scope, 'name') === 'swarmscope' && !isOurs) continue;
      for (const kind of ['sum', 'gauge', 'histogram'] as const) {
        const data = treeIn(item, kind);
        for (const point of treesIn(data ?? {}, 'dataPoints')) {
          if ((numberIn(point, 'flags') ?? 0) === NO_RECORDED_VALUE) continue;
          const said: ToldSeries = {
            scope: stringIn(scope, 'name'),
            name: stringIn(item, 'name'),
            unit: stringIn(item, 'unit'),
            kind,
            isMonotonic: data?.['isMonotonic'] === true,
            isDelta: numberIn(data ?? {}, 'aggregationTemporality') === DELTA,
            attributes: readAttributes(point),
            value:
              (kind === 'histogram' ? numberIn(point, 'count') : (numberIn(point, 'asInt') ?? numberIn(point, 'asDouble'))) ?? Number.NaN,
            ...(kind === 'histogram' ? { sum: numberIn(point, 'sum') ?? 0, buckets: numbersIn(point, 'bucketCounts') } : {}),
            points: 1,
          };
          const key = JSON.stringify([readOrigin(owner).instanceId, said.scope, said.name, said.unit, kind, said.attributes]);
          const before = series.get(key);
          if (before === undefined) series.set(key, said);
          else if (!said.isDelta) series.set(key, { ...said, points: before.points + 1 });
          else {
            before.value += said.value;
            before.points += 1;
            if (before.sum !== undefined) before.sum += said.sum ?? 0;
          }
        }
      }
    }
  }
  return [...series.values()];
}

/** `scope name {labels}` to its value, of a histogram `count/sum`: added up over all that write for themselves. */
export function byName(series: readonly ToldSeries[]): Record<string, number | string> {
  const sums = new Map<string, { value: number; sum: number | undefined }>();
  for (const { scope, name, attributes, value, sum } of series) {
    const key = [scope, name, ...(Object.keys(attributes).length === 0 ? [] : [JSON.stringify(attributes)])].join(' ');
    const before = sums.get(key);
    sums.set(key, { value: value + (before?.value ?? 0), sum: sum === undefined ? undefined : sum + (before?.sum ?? 0) });
  }
  return Object.fromEntries([...sums].map(([key, { value, sum }]) => [key, sum === undefined ? value : `${value}/${sum}`]));
}
