/** Posting over TLS: nothing is sent to a receiver whose certificate nobody vouches for, on the first request or later. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readSettings } from '../../../src/config/settings/index.ts';
import { createTransport, resolveTarget, type Transport } from '../../../src/otlp/post/index.ts';
import { refusingUrl } from '../../harness/free-ports.ts';
import { tlsOptions } from '../../promises/same-program/sdks/server.ts';

const certificate = join(import.meta.dirname, '../../promises/same-program/sdks/certificate.pem');
let server: Server;
let transport: Transport;
let requests = 0;
let connections = 0;
beforeEach(async () => {
  requests = connections = 0;
  server = createServer(tlsOptions, (request, response) => {
    requests += 1;
    request.resume().on('end', () => response.end());
  });
  server.on('connection', () => (connections += 1)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  transport.close();
  server.closeAllConnections();
  server.close();
});

function open(certificateFile: string): Transport {
  const { port } = server.address() as AddressInfo;
  const settings = readSettings({
    OTEL_EXPORTER_OTLP_ENDPOINT: `https://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_CERTIFICATE: certificateFile,
  });
  transport = createTransport(resolveTarget(settings, 'traces', 'test'));
  return transport;
}

test('a receiver with a certificate of its own making gets nothing', async () => {
  const answer = await open('').send(Buffer.from('x'));
  expect(answer).toEqual({ kind: 'retry', reason: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY/) });
  expect(requests).toBe(0);
});

test('a receiver whose certificate was named gets every request, over one connection', async () => {
  const { send } = open(certificate);
  for (const body of ['a', 'b', 'c']) expect(await send(Buffer.from(body))).toMatchObject({ kind: 'taken' });
  expect([requests, connections]).toEqual([3, 1]);
});

test('a certificate file that is missing is told, and the program goes on', async () => {
  expect(await open('/no/such/certificate.pem').send(Buffer.from('x'))).toEqual({ kind: 'retry', reason: 'ENOENT' });
  expect(requests).toBe(0);
});

test('an address where nobody listens is told over TLS as without', async () => {
  const settings = readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: (await refusingUrl()).replace('http:', 'https:') });
  transport = createTransport(resolveTarget(settings, 'traces', 'test'));
  expect(await transport.send(Buffer.from('x'))).toEqual({ kind: 'retry', reason: 'ECONNREFUSED' });
});
