/** A metrics request as point rows: sums, gauges and histograms; other kinds are counted. */
import { withoutContent } from '../../../otlp/mask/index.ts';
import {
  addLoss,
  cut,
  numberIn,
  numbersIn,
  readAttributes,
  stringIn,
  treeIn,
  treesIn,
  type Item,
  type Tree,
} from '../../../otlp/read/index.ts';
import { readSenders } from './origin.ts';
import { timeOf } from './times.ts';
import { assertRoom, type MetricPointRow, type MetricRows, type Steps, type RowReading } from './rows.ts';

const DELTA = 1;
/** DataPointFlags.NO_RECORDED_VALUE: the series has ended, which is no loss. */
const NO_RECORDED_VALUE = 1;
/** Longest bucket list kept; the convention's longest has 17 bounds. */
const MAX_BUCKETS = 512;

type Series = Pick<MetricPointRow, 'name' | 'unit' | 'kind' | 'isMonotonic' | 'isDelta' | 'instanceId'>;

interface Sender {
  readonly isOurs: boolean;
  readonly instanceId: string;
  readonly scopeName: string;
  readonly reading: RowReading;
}

export function* metricSteps(items: Iterable<Item>, reading: RowReading): Steps<MetricRows> {
  const rows: MetricRows = { points: [], losses: {} };
  const senderOf = readSenders();
  for (const item of items) {
    const sender = senderOf(item);
    if (!sender.isOurs) rows.isForeign = true;
    addMetric(rows, item.item, { ...sender, reading });
    assertRoom(rows.points);
    yield;
  }
  return rows;
}

function addMetric(rows: MetricRows, metric: Tree, sender: Sender): void {
  for (const kind of ['gauge', 'sum', 'histogram'] as const) {
    const data = treeIn(metric, kind);
    if (data === undefined) continue;
    const series: Series = {
      name: cut(stringIn(metric, 'name'), 256),
      unit: cut(stringIn(metric, 'unit'), 64),
      kind,
      isMonotonic: data['isMonotonic'] === true,
      isDelta: numberIn(data, 'aggregationTemporality') === DELTA,
      instanceId: sender.instanceId,
    };
    for (const point of treesIn(data, 'dataPoints')) addPoint(rows, point, { series, sender });
  }
  for (const kind of ['exponentialHistogram', 'summary'] as const) {
    const data = treeIn(metric, kind);
    if (data !== undefined)
      addLoss(
        rows.losses,
        `metric.unsupported-${kind === 'summary' ? 'summary' : 'exponential-histogram'}`,
        Math.max(1, treesIn(data, 'dataPoints').length),
      );
  }
}

function addPoint(rows: MetricRows, point: Tree, { series, sender }: { series: Series; sender: Sender }): void {
  if (((numberIn(point, 'flags') ?? 0) & NO_RECORDED_VALUE) !== 0) return;
  const toldMs = numberIn(point, 'timeUnixNano') ?? 0;
  const value = series.kind === 'histogram' ? (numberIn(point, 'count') ?? 0) : (numberIn(point, 'asDouble') ?? numberIn(point, 'asInt'));
  if (series.name === '' || toldMs <= 0) return addLoss(rows.losses, 'metric.incomplete-point');
  const timeMs = timeOf(sender, toldMs, rows.losses);
  if (timeMs === undefined) return addLoss(rows.losses, 'metric.bad-time');
  // A point without a value says that none was recorded.
  if (value === undefined || !Number.isFinite(value)) return addLoss(rows.losses, 'metric.no-number');
  const sent = { name: series.name, scopeName: sender.scopeName, attributes: readAttributes(point, rows.losses) };
  rows.points.push({
    ...series,
    attributes: withoutContent(sent, sent.attributes, sender.reading),
    timeMs,
    value,
    ...(series.kind === 'histogram' ? histogramParts(point) : {}),
  });
}

function histogramParts(point: Tree): Pick<MetricPointRow, 'sum' | 'max' | 'buckets'> {
  const counts = numbersIn(point, 'bucketCounts');
  const bounds = numbersIn(point, 'explicitBounds');
  const isWhole = counts.length === bounds.length + 1 && counts.length <= MAX_BUCKETS;
  return { sum: finite(numberIn(point, 'sum')), max: finite(numberIn(point, 'max')), buckets: isWhole ? { bounds, counts } : undefined };
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
