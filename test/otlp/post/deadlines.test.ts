/** Whatever a receiver sends, a request is over after its time, and its connection with it. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { readSettings } from '../../../src/config/settings/index.ts';
import { HttpClient, createTransport, resolveTarget } from '../../../src/otlp/post/index.ts';
import { encodingOf, type OtlpRequest } from '../../../src/otlp/request.ts';
import { startForwarder } from '../../../src/viewer/receive/forward/index.ts';
import { everyMisbehaviour, startMisbehaving, type Misbehaving } from '../../harness/index.ts';

async function closed(server: Misbehaving): Promise<void> {
  while (server.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

test.each(everyMisbehaviour.filter((kind) => kind !== 'a redirect to itself'))('%s ends with the deadline of the request', async (kind) => {
  const server = await startMisbehaving(kind);
  const target = resolveTarget(
    readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: server.url, OTEL_EXPORTER_OTLP_TIMEOUT: '300' }),
    'traces',
    'test',
  );
  const answer = await createTransport(target).send(Buffer.from('x'));
  expect(answer).toEqual({ kind: 'retry', reason: expect.stringMatching(/^(?:timeout|bad_response)$/) });
  await closed(server);
});

test('a redirect is not followed: the request is refused', async () => {
  const { url } = await startMisbehaving('a redirect to itself');
  const transport = createTransport(resolveTarget(readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: url }), 'traces', 'test'));
  expect(await transport.send(Buffer.from('x'))).toEqual({ kind: 'lost', reason: 'http_307' });
  transport.close();
});

test('a kept connection that was closed gets no second deadline', async () => {
  // Answers once, takes the next request, and closes just before its time is over; the next connection stays silent.
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    let requests = 0;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      if (connections === 1 && ++requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      else if (connections === 1) setTimeout(() => socket.destroy(), 600);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const client = new HttpClient({ url, headers: {}, certificate: '', clientCertificate: '', clientKey: '' });
  await client.post(Buffer.from('x'), 10_000);
  const waits: number[] = [];
  const { setTimeout: original } = globalThis;
  globalThis.setTimeout = ((fn: () => void, delayMs: number) => {
    waits.push(delayMs);
    return original(fn, delayMs);
  }) as typeof setTimeout;
  try {
    await expect(client.post(Buffer.from('x'), 1_000)).rejects.toMatchObject({ code: 'timeout' });
  } finally {
    globalThis.setTimeout = original;
  }
  // The second wait is what the first has left over.
  expect(waits.at(-1)).toBeLessThan(500);
  client.abort();
  server.close();
});

test.each(everyMisbehaviour)('a forwarder is done after its time: %s', async (kind) => {
  const { url } = await startMisbehaving(kind);
  const forwarder = startForwarder({ baseUrl: url });
  const request: OtlpRequest = { signal: 'traces', body: Buffer.from('{}'), contentType: 'application/json', contentEncoding: undefined };
  expect(encodingOf(request.contentType)).toBe('json');
  forwarder.forward(request, 7);
  await forwarder.drain(200);
  const { traces } = forwarder.items();
  expect(traces.sent).toBe(0);
  expect(Object.values(traces.dropped)).toEqual([7]);
});
