// What the receiver has answered is in the run's file, whatever happens to the receiver afterwards.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { startReceiver } from '../../../src/viewer/receive/receiver.ts';
import { readRun, startRunStore } from '../../../src/viewer/store/index.ts';
import { commandFile, runProgram } from '../../harness/index.ts';
import { post } from '../../viewer/receive/signals.ts';
import { plainSpan } from './bodies.ts';
import { place } from './place.ts';

const request = (first: number, count: number): string =>
  JSON.stringify({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: Array.from({ length: count }, (_, index) => ({
              ...plainSpan,
              spanId: (first + index + 1).toString(16).padStart(16, 'b'),
            })),
          },
        ],
      },
    ],
  });

/** Posts eight requests at once again and again, and kills the receiver (its parent) in the moment of the 40th answer. */
const killer = `
const { request } = require('node:http');
const { renameSync, writeFileSync } = require('node:fs');
const bodies = JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));
const kept = [];
let next = 0;
function send() {
  const number = next++;
  if (number >= bodies.length) return;
  const sent = request(process.env.SWARMSCOPE_ENDPOINT + '/v1/traces', { method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
    if (response.statusCode === 200) kept.push(number);
    if (kept.length === 40) {
      process.kill(process.ppid, 'SIGKILL');
      writeFileSync(process.argv[3] + '.part', JSON.stringify(kept));
      renameSync(process.argv[3] + '.part', process.argv[3]);
      process.exit();
    }
    response.resume().on('end', send);
  });
  sent.on('error', () => {});
  sent.end(bodies[number]);
}
for (let sender = 0; sender < 8; sender++) send();
`;

describe('a receiver that is killed (-9) while it answers', () => {
  test('has every span that it answered in the run', async () => {
    const { home, data, env } = place();
    const [program, bodies, answered] = ['killer.cjs', 'bodies.json', 'answered.json'].map((name) => join(home, name)) as [
      string,
      string,
      string,
    ];
    const perRequest = 400;
    writeFileSync(program, killer);
    writeFileSync(bodies, JSON.stringify(Array.from({ length: 60 }, (_, index) => request(index * perRequest, perRequest))));
    const { signal } = await runProgram({
      preload: 'none',
      command: process.execPath,
      args: [commandFile, 'run', '--', process.execPath, program, bodies, answered],
      env,
    });
    expect(signal).toBe('SIGKILL');
    // The program writes it after it has killed its parent.
    while (!existsSync(answered)) await new Promise((resolve) => setImmediate(resolve));
    const kept = JSON.parse(readFileSync(answered, 'utf8')) as number[];
    const stored = new Set(readRun(data, 'latest').spans.map(({ spanId }) => spanId));
    const missing = kept.flatMap((number) =>
      Array.from({ length: perRequest }, (_, index) => (number * perRequest + index + 1).toString(16).padStart(16, 'b')).filter(
        (id) => !stored.has(id),
      ),
    );
    expect(kept).toHaveLength(40);
    expect(missing).toEqual([]);
  });
});

describe('what cannot be kept', () => {
  const begun = {
    id: 'run-1',
    name: 'r',
    command: 'node',
    startMs: 1_700_000_000_000,
    endMs: undefined,
    exitCode: undefined,
    signal: undefined,
  };
  const receive = async (store: ReturnType<typeof startRunStore>['store']) =>
    await startReceiver({
      onTraces: (rows) => store.keepTraces(rows),
      onMetrics: (rows) => store.keepMetrics(rows),
      onLogs: (rows) => store.keepLogs(rows),
      settings: { captureContent: 'off', pricesFile: '' },
    });
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };

  test('because another process has the file is answered 503, and kept once when it is sent again', async () => {
    const { data } = place();
    const { store } = startRunStore({ dataFolder: data, run: begun });
    const receiver = await receive(store);
    const other = new DatabaseSync(store.path);
    other.exec('BEGIN IMMEDIATE');
    const body = gzipSync(request(0, 10));
    expect((await post(`${receiver.url}/v1/traces`, { body, headers })).status).toBe(503);
    other.exec('COMMIT');
    other.close();
    expect((await post(`${receiver.url}/v1/traces`, { body, headers })).status).toBe(200);
    await receiver.close();
    expect(store.loadRun()).toMatchObject({ spans: { length: 10 }, losses: {} });
    store.close();
  });

  test('because the run is full is told as rejected, and counted', async () => {
    const { data } = place();
    const { store } = startRunStore({ dataFolder: data, run: begun });
    const receiver = await receive(store);
    const other = new DatabaseSync(store.path);
    other.exec("CREATE TRIGGER full BEFORE INSERT ON spans BEGIN SELECT RAISE(ABORT, 'no room'); END");
    other.close();
    const { status, body } = await post(`${receiver.url}/v1/traces`, { body: gzipSync(request(0, 10)), headers });
    expect([status, JSON.parse(body.toString())]).toEqual([
      200,
      { partialSuccess: { rejectedSpans: '10', errorMessage: expect.stringMatching(/^span\.store_\w+: 10$/) as unknown as string } },
    ]);
    await receiver.close();
    expect(Object.values(store.loadRun().losses)).toEqual([10]);
    store.close();
  });
});
