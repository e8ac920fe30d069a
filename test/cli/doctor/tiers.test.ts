/** The account of two tiers, by pages of counters that grow as a test says. The real collectors are in test/scale/arrival.test.ts. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { patienceOf } from '../../../src/cli/doctor/stack/await.ts';
import type { StackFinding } from '../../../src/cli/doctor/stack/finding.ts';
import { placesOf } from '../../../src/cli/doctor/stack/parts.ts';
import { openAccount } from '../../../src/cli/doctor/stack/tiers.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Counts {
  spans: number;
  points: number;
}
const page = {
  agent: ({ spans, points }: Counts) => `otelcol_exporter_sent_spans_total{exporter="otlp_grpc/gateway_0"} ${spans}
otelcol_exporter_queue_size{data_type="traces",exporter="otlp_grpc/gateway_1"} ${spans === 0 ? 0 : 900}
otelcol_exporter_sent_metric_points_total{exporter="otlp_http/prometheus"} ${points}
otelcol_exporter_sent_metric_points_total{exporter="otlp_http/counted"} ${points * 7}`,
  gateway: ({ spans, points }: Counts) => `otelcol_receiver_accepted_spans_total{receiver="otlp",transport="grpc"} ${spans}
otelcol_receiver_accepted_metric_points_total{receiver="otlp",transport="http"} ${points}
otelcol_receiver_accepted_metric_points_total{receiver="otlp/counted",transport="http"} ${points * 7}
otelcol_exporter_sent_spans_total{exporter="otlp_grpc/tempo"} ${spans}`,
};

async function serve(kind: keyof typeof page, counts: Counts): Promise<string> {
  const server = createServer((_request, response) => response.end(page[kind](counts)));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Grown = readonly [spans: number, points: number];

/** The finding about an agent and two gateways that have counted before and grow so while 16 spans and a point are sent. */
async function account(agent: Grown, ...gateways: readonly Grown[]): Promise<StackFinding | undefined> {
  const all = [agent, ...gateways].map((grown) => ({ grown, counts: { spans: 1_000, points: 50 } }));
  const urls = await Promise.all(all.map(({ counts }, index) => serve(index === 0 ? 'agent' : 'gateway', counts)));
  const places = placesOf({ collectorTelemetry: urls[0] }, '', urls);
  const opened = await openAccount(places, new Set(['collectorTelemetry']), patienceOf(0));
  for (const { grown, counts } of all) {
    counts.spans += grown[0];
    counts.points += grown[1];
  }
  return (await opened?.settle({ spans: 16, points: 1 }))?.[0];
}

test('what an agent sent is what its gateways accepted', async () => {
  const text = '1 agent sent 16 spans and 1 points, 2 gateways accepted 16 spans and 1 points meanwhile';
  expect(await account([16, 1], [8, 1], [8, 0])).toEqual({ subject: 'tiers', level: 'ok', text });
});

test('what other agents send to the gateways is no fault', async () => {
  const found = await account([20, 1], [400, 9], [8, 0]);
  expect([found?.level, found?.text]).toEqual(['ok', expect.stringContaining('others send to them too')]);
});

test('a gateway that is not named has taken what is missing', async () => {
  const found = await account([16, 1], [8, 1]);
  expect([found?.level, found?.text]).toEqual(['problem', expect.stringMatching(/1 gateway accepted 8 spans and 1 points: others took/)]);
});

test('what did not leave the agent is in its queue', async () => {
  const found = await account([8, 1], [8, 1], [0, 0]);
  expect([found?.level, found?.text]).toEqual([
    'problem',
    expect.stringMatching(/16 spans and 1 points went in: otlp_grpc\/gateway_1 holds 900 bytes/),
  ]);
});

test('a collector that began to count again is not taken for a loss', async () => {
  expect((await account([16, 1], [-900, -40], [8, 0]))?.level).toBe('note');
});

test('gateways alone are no two tiers, and one collector is not asked for them', async () => {
  const [first = '', second = ''] = await Promise.all([
    serve('gateway', { spans: 1, points: 1 }),
    serve('gateway', { spans: 1, points: 1 }),
  ]);
  const open = (urls: readonly string[]): ReturnType<typeof openAccount> =>
    openAccount(placesOf({ collectorTelemetry: urls[0] }, '', urls), new Set(['collectorTelemetry']), patienceOf(0));
  expect(await open([first])).toBeUndefined();
  const found = await (await open([first, second]))?.settle({ spans: 16, points: 1 });
  expect(found).toEqual([expect.objectContaining({ level: 'problem', text: 'none of the named collectors is an agent' })]);
});
