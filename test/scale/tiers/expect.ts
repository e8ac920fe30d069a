// What of a load is in the stores behind two tiers, by ids and totals.
import { expect } from '@jest/globals';
import { askPrometheus } from '../../harness/stack/prometheus.ts';
import { sendLoad, type Sent } from '../../harness/stack/send-load.ts';
import type { Swarms, Trace } from './swarms.ts';
import { GATEWAYS, KEPT, TENANT, type CollectorName, type Stores, type Tiers } from './tiers.ts';

/** To each agent its requests, at the same time; refusals are the caller's to see. */
export function sendOnce(tiers: Tiers<Stores>, { requests }: Pick<Swarms, 'requests'>, attempts = 1): Promise<Sent[]> {
  return Promise.all(tiers.endpoints.map((endpoint, agent) => sendLoad({ requests: requests[agent] ?? [] }, { endpoint, attempts })));
}

/** As `sendOnce`, each request up to `attempts` times; fails when one is not taken. */
export async function send(tiers: Tiers<Stores>, load: Pick<Swarms, 'requests'>, attempts = 1): Promise<void> {
  const sent = await sendOnce(tiers, load, attempts);
  expect(sent.map(({ refused }) => refused.length)).toEqual(sent.map(() => 0));
}

/** As `send`, to each agent many requests at once: a node has many runs, and their exports do not wait for each other. */
export async function sendAtOnce(tiers: Tiers<Stores>, { requests }: Pick<Swarms, 'requests'>): Promise<void> {
  const atOnce = tiers.endpoints.map((endpoint, agent) => sendLoad({ requests: requests[agent] ?? [] }, { endpoint, concurrency: 32 }));
  for (const { refused } of await Promise.all(atOnce)) expect(refused).toEqual([]);
}

export interface WholeOptions {
  readonly tenant?: string;
  /** Spans may be there twice, under the same id: a delivery that was cut off is made again. */
  readonly mayRepeat?: boolean;
}

/** Waits until every span of the traces is in the tenant, and holds that nothing else is. */
export async function expectWhole(
  tiers: Tiers<Stores>,
  traces: readonly Trace[],
  { tenant = TENANT, mayRepeat = false }: WholeOptions = {},
): Promise<void> {
  for (const { traceId, spanIds } of traces) {
    const found = await tiers.until(`all ${spanIds.size} spans of trace ${traceId} of ${tenant}`, async () => {
      const ids = ((await tiers.trace(traceId, tenant)) ?? []).map(({ spanId }) => spanId);
      return new Set(ids).size >= spanIds.size ? ids : undefined;
    });
    expect((mayRepeat ? [...new Set(found)] : found).sort()).toEqual([...spanIds].sort());
  }
}

/**
 * Waits until the gateways have decided on as many traces as there are and delivered what they keep, then says which are
 * kept; holds that none is kept in part.
 */
export async function expectKept(tiers: Tiers<Stores>, traces: readonly Trace[]): Promise<{ whole: Trace[]; absent: Trace[] }> {
  await tiers.until(`${traces.length} traces are decided and delivered`, async () => {
    const decided = await sumOf(tiers, 'processor_tail_sampling_global_count_traces_sampled_total');
    const waiting = await sumOf(tiers, 'exporter_queue_size{data_type="traces",exporter="otlp_grpc/kept"');
    return decided >= traces.length && waiting === 0 ? true : undefined;
  });
  return keptOf(tiers, traces);
}

/** Which of the traces the long tenant has; fails when it has one in part. */
export async function keptOf(tiers: Tiers<Stores>, traces: readonly Trace[]): Promise<{ whole: Trace[]; absent: Trace[] }> {
  const whole: Trace[] = [];
  const absent: Trace[] = [];
  const partial: Trace[] = [];
  for (const trace of traces) {
    const found = new Set(((await tiers.trace(trace.traceId, KEPT)) ?? []).map(({ spanId }) => spanId)).size;
    (found === 0 ? absent : found === trace.spanIds.size ? whole : partial).push(trace);
  }
  expect(partial).toEqual([]);
  return { whole, absent };
}

const sumOf = async (tiers: Tiers<Stores>, metric: string): Promise<number> =>
  (await Promise.all(GATEWAYS.map((name) => tiers.counted(name, metric)))).reduce((sum, value) => sum + value, 0);

/** That counter of the service in Prometheus, over all its series; what a series had before it began again at 0 counts. */
export async function totalOf(tiers: Tiers<Stores>, metric: string, service: string): Promise<number> {
  const { result } = await askPrometheus<{ result: { values: [number, string][] }[] }>(tiers.stores.urls.prometheus, 'query', {
    query: `${metric}{service_name="${service}"}[1h]`,
    time: String(Date.now() / 1_000 + 1),
  });
  const grown = result.map(({ values }) =>
    values
      .map(([, value]) => Number(value))
      .reduce(({ total, last }, value) => ({ total: total + (value < last ? value : value - last), last: value }), { total: 0, last: 0 }),
  );
  return grown.reduce((sum, { total }) => sum + total, 0);
}

/** Waits until the total is reached, and holds that it is no more. */
export async function untilTotal(tiers: Tiers<Stores>, metric: string, service: string, total: number): Promise<void> {
  await tiers.until(`${metric} of ${service} is ${total}`, async () => {
    const value = await totalOf(tiers, metric, service);
    if (value >= total) return true;
    throw new Error(`it is ${value}`);
  });
  expect(await totalOf(tiers, metric, service)).toBe(total);
}

export async function untilCounted(tiers: Tiers<Stores>, name: CollectorName, metric: string, atLeast: number): Promise<void> {
  await tiers.until(`${atLeast} of ${metric} at ${name}`, async () => ((await tiers.counted(name, metric)) >= atLeast ? true : undefined));
}
