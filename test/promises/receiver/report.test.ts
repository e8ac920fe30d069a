// Under `swarmscope run`: what a hostile sender does stands in the report, good data is kept, and the command ends as
// it ended.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { commandFile, dist, ensureBuilt, freshFolder, runProgram } from '../../harness/index.ts';

ensureBuilt();

const sender = `
const { request } = require('node:http');
const { withTask } = require(${JSON.stringify(join(dist, 'index.cjs'))});
const base = new URL(process.env.SWARMSCOPE_ENDPOINT);
const post = (path, body, headers = {}) => new Promise((done) => {
  const sent = request({ hostname: base.hostname, port: base.port, path, method: 'POST', headers: { 'content-type': 'application/x-protobuf', ...headers } }, (answer) => answer.resume().on('end', () => done(answer.statusCode)));
  sent.on('error', () => done(0));
  sent.end(body);
});
(async () => {
  await withTask('before', () => post('/v1/traces', Buffer.from('rubbish')));
  await post('/v1/logs', Buffer.from(process.env.BOMB, 'base64'), { 'content-encoding': 'gzip' });
  await post('/v1/metrics', '{"resourceMetrics": 7}', { 'content-type': 'application/json' });
  await post('/v1/traces', 'x', { 'content-type': 'text/plain' });
  await post('/v1/traces', 'x', { origin: 'https://evil.example' });
  const time = String(Date.now()) + '000000';
  const span = (spanId, startTimeUnixNano) => ({ traceId: '0af7651916cd43dd8448eb211c80319c', spanId, name: 'odd', startTimeUnixNano, endTimeUnixNano: startTimeUnixNano });
  const spans = [span('00', time), span('b7ad6b7169203331', '32503680000000000000'), span('b7ad6b7169203332', time)];
  await post('/v1/traces', JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }), { 'content-type': 'application/json' });
  await withTask('after', async () => {});
  console.log('done');
  process.exitCode = 7;
})();
`;

test('a hostile sender inside the run loses its own data and nobody else’s', async () => {
  const state = freshFolder('state');
  const result = await runProgram({
    files: { 'sender.cjs': sender },
    preload: 'none',
    command: process.execPath,
    args: [commandFile, 'run', '--json', 'report.json', '--', process.execPath, 'sender.cjs'],
    env: { BOMB: gzipSync(Buffer.alloc(20 * 1024 * 1024)).toString('base64'), SWARMSCOPE_EXIT_TIMEOUT: '10000', XDG_STATE_HOME: state },
  });
  expect(result).toMatchObject({ stdout: 'done\n', code: 7, isTimedOut: false });
  const lost = result.stderr.slice(result.stderr.indexOf('Lost on the way'));
  for (const line of [
    'request.traces.400: 1',
    'request.logs.413: 1',
    'request.metrics.400: 1',
    'request.traces.415: 1',
    'request.403: 1',
    'span.bad-id: 1',
    'span.bad-time: 1',
  ])
    expect(lost).toContain(line);
  const doctor = await runProgram({
    preload: 'none',
    command: process.execPath,
    args: [commandFile, 'doctor'],
    env: { XDG_STATE_HOME: state },
  });
  expect(doctor.stdout).toMatch(/the receiver of the run refused requests \(.*1 x logs\.413/);
  expect(result.stderr).toMatch(/before/);
  expect(result.stderr).toMatch(/after/);
});
