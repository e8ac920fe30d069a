/**
 * doctor --stack against programs that answer strangely. They are servers of this test, since no real program does so
 * on demand.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { afterAll, expect, test } from '@jest/globals';
import { ask } from '../../../src/cli/doctor/stack/ask.ts';
import { patienceOf } from '../../../src/cli/doctor/stack/await.ts';
import { acceptedLogs, readCounters, waiting } from '../../../src/cli/doctor/stack/counters.ts';
import { placesOf } from '../../../src/cli/doctor/stack/parts.ts';
import { probe } from '../../../src/cli/doctor/stack/probe.ts';
import { createMarks } from '../../../src/viewer/receive/marks.ts';
import { readLogs, readMetrics, readTraces } from '../../../src/viewer/receive/rows/index.ts';
import { everyMisbehaviour, startMisbehaving } from '../../harness/index.ts';

const servers: (Server | TcpServer)[] = [];
afterAll(() => {
  for (const server of servers) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server | TcpServer): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (listener: RequestListener): Promise<string> => listen(createServer(listener));
const soon = patienceOf(0);
const TEMPO = JSON.stringify({ version: '2.8.0', goVersion: 'go1.26' });

test('a redirect is not followed', async () => {
  let asked = 0;
  const elsewhere = await serve((_request, response) => {
    asked += 1;
    response.end(TEMPO);
  });
  const here = await serve((_request, response) => response.writeHead(302, { location: elsewhere }).end());
  const { finding, isThere } = await probe('tempo', placesOf({ tempo: here }), soon);
  expect([isThere, asked]).toEqual([false, 0]);
  expect(finding.text).toContain('something else answers there (302)');
});

test('a program that takes the connection and says nothing does not hold up the check', async () => {
  const { problem, status } = await ask({ base: await listen(createTcpServer(() => {})), path: '/' });
  expect([problem, status]).toEqual(['timeout', 0]);
});

test('no answer, however it never ends, holds up the check', async () => {
  const kinds = everyMisbehaviour.filter((kind) => kind !== 'a redirect to itself');
  const servers = await Promise.all(kinds.map(startMisbehaving));
  const answers = await Promise.all(servers.map(({ url }) => ask({ base: url, path: '/' })));
  for (const { status, problem } of answers)
    expect([status, problem]).toEqual([0, expect.stringMatching(/^(?:timeout|too much|HPE_\w+)$/)]);
});

test('an answer without end is cut off', async () => {
  const endless = await serve((_request, response) => {
    const chunk = Buffer.alloc(1024 * 1024);
    const write = (): void => void (response.destroyed || response.write(chunk, write));
    write();
  });
  expect((await ask({ base: endless, path: '/metrics' })).problem).toBe('too much');
});

test.each([
  [60, /its clock is (59|60|61) s behind/],
  [-60, /its clock is (59|60|61) s ahead of/],
])('a clock that differs by %i s is a problem', async (behindSeconds, said) => {
  const url = await serve((_request, response) => {
    response.setHeader('date', new Date(Date.now() - behindSeconds * 1_000).toUTCString());
    response.end(TEMPO);
  });
  const { finding, isThere } = await probe('tempo', placesOf({ tempo: url }), soon);
  expect(finding).toEqual(
    expect.objectContaining({ level: 'problem', text: expect.stringMatching(said), next: 'synchronise both clocks' }),
  );
  expect(isThere).toBe(true);
});

test('a program that is not ready says why, and is waited for', async () => {
  let asked = 0;
  const url = await serve(({ url: path }, response) => {
    if (path !== '/ready') return void response.end(TEMPO);
    asked += 1;
    return void response.writeHead(asked > 2 ? 200 : 503).end('Ingester not ready');
  });
  const places = placesOf({ tempo: url });
  expect((await probe('tempo', places, soon)).finding.text).toBe('not ready within 0 s (503: Ingester not ready)');
  expect((await probe('tempo', places, patienceOf(10))).finding).toEqual(
    expect.objectContaining({ level: 'ok', text: 'there and ready, version 2.8.0' }),
  );
});

test('the path of a base URL is kept, and its query is not sent', async () => {
  const paths: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    paths.push(`${request.url} ${request.headers.authorization}`);
    response.end('{}');
  });
  await ask({ base: `${url.replace('//', '//a:b%20c@')}/tempo/?token=x`, path: '/api/search?q=1' });
  expect(paths).toEqual([`/tempo/api/search?q=1 Basic ${Buffer.from('a:b c').toString('base64')}`]);
});

test('counters are read from the page of the collector', () => {
  const rows = readCounters(
    [
      '# HELP otelcol_exporter_queue_size x',
      'otelcol_receiver_accepted_log_records_total{receiver="otlp",transport="http"} 3',
      'otelcol_receiver_accepted_log_records_total{receiver="otlp",transport="grpc"} 4',
      'otelcol_exporter_queue_size{data_type="traces",exporter="otlp_grpc/tempo"} 1.5e+06',
      'otelcol_exporter_queue_size{data_type="metrics",exporter="otlp_http/prometheus"} 0',
      'not a sample',
    ].join('\n'),
  );
  const collector = { source: 'http://agent:8888', rows };
  expect(acceptedLogs([collector])).toBe(7);
  expect(waiting([collector], 'traces')).toBe('otlp_grpc/tempo holds 1,500,000 bytes in its queue');
  expect(waiting([collector], 'metrics')).toBe('');
  expect(waiting([collector, { source: 'http://gateway:8888', rows: [] }], 'traces')).toBe(
    'otlp_grpc/tempo of http://agent:8888 holds 1,500,000 bytes in its queue',
  );
});

test('of several collectors each has one span of its share: one for each last digit of a trace id', () => {
  const { requests, traceId, traceIds } = createMarks({ nowMs: 1_795_287_538_919, host: 'h', version: '1', hasEveryDigit: true });
  expect(traceIds[0]).toBe(traceId);
  expect(traceIds.map((id) => id.at(-1)).sort()).toEqual([...'0123456789abcdef']);
  expect(readTraces(Buffer.from(requests.traces), 'json').spans.map((span) => span.traceId)).toEqual(traceIds);
});

test('our own receiver reads the marks as one span, one point without a label, and one log record of the same trace', () => {
  const { requests, traceId, value } = createMarks({ nowMs: 1_795_287_538_919, host: 'h', version: '1' });
  const bytes = (signal: keyof typeof requests): Uint8Array => Buffer.from(requests[signal]);
  const { spans } = readTraces(bytes('traces'), 'json');
  expect(spans.map(({ name, traceId: id }) => [name, id])).toEqual([['check_stack', traceId]]);
  const { points } = readMetrics(bytes('metrics'), 'json');
  expect(points).toHaveLength(1);
  expect(requests.metrics).toContain(`"dataPoints":[{"timeUnixNano":"1795287538919000000","asDouble":${value}}]`);
  expect(readLogs(bytes('logs'), 'json').logs.map((log) => log.traceId)).toEqual([traceId]);
});
