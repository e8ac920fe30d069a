// What the drills share: a stack that repeats quickly, and counts of what arrived, span by span and point by point.
import { expect } from '@jest/globals';
import { startStack, type PartName, type Stack, type StackOptions } from '../../harness/stack/index.ts';
import { SUBMITTED, type Load, type LoadRequest, type Signal } from '../../harness/stack/load.ts';
import { replaceAll } from '../../harness/stack/replace.ts';

/** Of one drill: the programs start in a second or two, a loaded machine takes many times that. */
export const DRILL_MS = 600_000;
export const BACKENDS: readonly PartName[] = ['tempo', 'prometheus', 'collector'];

/** Other exact strings of a file: `{ 'max_interval: 30s': 'max_interval: 1s' }`. */
export type Changes = Readonly<Record<string, string>>;

export interface DrillOptions extends Pick<StackOptions, 'tempo' | 'prometheus'> {
  readonly parts?: readonly PartName[];
  /** Of otel-collector.yaml, beside the shorter pauses between attempts. */
  readonly changes?: Changes;
  readonly env?: Readonly<Record<string, string>>;
  /** Added to those of the collector. */
  readonly args?: readonly string[];
}

/** The repository's stack; only the longest pause between two attempts is a second, and alerts fire at once. */
export function startDrill({ parts = BACKENDS, changes = {}, env = {}, args = [], ...options }: DrillOptions = {}): Promise<Stack> {
  const quick = { 'max_interval: 30s': 'max_interval: 1s', ...changes };
  return startStack({
    parts,
    ...options,
    prometheus: { forScale: 0, ...options.prometheus },
    collector: { env, args, config: (text) => replaceAll('otel-collector.yaml', text, quick) },
  });
}

/** `flush_check_period` of test/harness/stack/parts.ts. */
const SWEEP_MS = 1_000;

/** Ends Tempo without a word, once what it took is in its write-ahead log: what is younger it holds in memory alone. */
export async function killTempo(stack: Stack): Promise<void> {
  let noneSinceMs = Infinity;
  await stack.until('Tempo has written down what it took', async () => {
    const text = await (await fetch(`${stack.urls.tempo}/metrics`)).text();
    const isNone = /^tempo_ingester_live_traces(\{.*\})? 0$/m.test(text);
    noneSinceMs = isNone ? Math.min(noneSinceMs, performance.now()) : Infinity;
    // The number is as old as the last sweep: what came after that is counted by the next one.
    return performance.now() - noneSinceMs > 2 * SWEEP_MS ? true : undefined;
  });
  await stack.kill('tempo', 'SIGKILL');
}

export const only = (load: Load, signal: Signal): { requests: LoadRequest[] } => ({
  requests: load.requests.filter((request) => request.signal === signal),
});

/** Waits until every span of the load is in Tempo, then holds that nothing else is; `mayRepeat` of them may be there twice, under the same id. */
export async function expectSpans(stack: Stack, load: Load, mayRepeat = 0): Promise<void> {
  let repeated = 0;
  for (const [traceId, spanIds] of load.spanIds) {
    const found = await stack.until(`all ${spanIds.size} spans of trace ${traceId}`, async () => {
      const ids = ((await stack.trace(traceId)) ?? []).map(({ spanId }) => spanId);
      return new Set(ids).size >= spanIds.size ? ids : undefined;
    });
    expect([...new Set(found)].sort()).toEqual([...spanIds].sort());
    repeated += found.length - spanIds.size;
  }
  expect(repeated).toBeLessThanOrEqual(mayRepeat);
}

/** Waits until the counter of the load is its total in Prometheus, and holds that each export is there, once. */
export async function expectPoints(stack: Stack, load: Load, exports: number): Promise<void> {
  const selector = `${SUBMITTED}{job="${load.service}"}`;
  await stack.until(`${load.submitted} tasks in ${selector}`, () => isValue(stack, `sum(last_over_time(${selector}[1h]))`, load.submitted));
  // The newest may overtake the others: they travel in several requests at a time.
  const each = await stack.until(`${exports} points in each series of ${selector}`, async () => {
    const counts = (await stack.query(`count_over_time(${selector}[1h])`)).map(({ value }) => value);
    return counts.length >= load.spanIds.size && counts.every((count) => count >= exports) ? counts : undefined;
  });
  expect(each).toEqual(Array(load.spanIds.size).fill(exports));
}

export async function isValue(stack: Stack, expression: string, wanted: number): Promise<true | undefined> {
  const [sample] = await stack.query(expression);
  return sample?.value === wanted ? true : undefined;
}

export async function untilFiring(stack: Stack, alert: string): Promise<void> {
  await stack.until(`${alert} fires`, async () =>
    (await stack.query(`ALERTS{alertname="${alert}",alertstate="firing"}`)).length > 0 ? true : undefined,
  );
}

/** What the collector itself counted: `receiver_accepted_spans_total`, summed over all labels; `x_total{filter="y"` for a part. Absent is 0. */
export async function countedBy(stack: Stack, metric: string): Promise<number> {
  const text = await (await fetch(`${stack.urls.collectorTelemetry}/metrics`)).text();
  const begins = `otelcol_${metric}`;
  const values = text.split('\n').filter((line) => line.startsWith(begins) && /^[{,} ]/.test(line.slice(begins.length)));
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

export async function untilCounted(stack: Stack, metric: string, atLeast: number): Promise<void> {
  await stack.until(`${atLeast} of ${metric}`, async () => ((await countedBy(stack, metric)) >= atLeast ? true : undefined));
}

/** Waits until the collector has tried in vain `attempts` times: the part is really away, and the exporter really repeats. */
export async function untilRetried(stack: Stack, exporter: string, attempts: number): Promise<void> {
  const before = retries(stack, exporter);
  await stack.until(`${exporter} repeats`, () => (retries(stack, exporter) >= before + attempts ? true : undefined));
}

const retries = (stack: Stack, exporter: string): number =>
  stack
    .log('collector')
    .split('\n')
    .filter((line) => line.includes('Will retry the request after interval') && line.includes(exporter)).length;
