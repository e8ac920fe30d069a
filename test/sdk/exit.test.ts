/** Every ending of a real process delivers what was recorded, with the exit code and signal it would have had. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readSettings } from '../../src/config/settings/index.ts';
import { readStatusFiles } from '../../src/sdk/supervisor.ts';
import { refusingUrl } from '../harness/free-ports.ts';
import { bundle, runProgram } from './program.ts';
import { itemsOf, spanNames, startReceiver, type Receiver, type Reply } from './receiver.ts';

let program: string;
let receiver: Receiver | undefined;

beforeAll(async () => {
  program = await bundle('spans');
});

afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

async function listen(reply?: Reply): Promise<Receiver> {
  receiver = await startReceiver(reply);
  return receiver;
}

interface Row {
  ending: string;
  code: number | null;
  signal: NodeJS.Signals | null;
  kill?: NodeJS.Signals;
  stderr?: RegExp;
}

const rows: Row[] = [
  { ending: 'return', code: 0, signal: null },
  { ending: 'exit', code: 7, signal: null },
  { ending: 'exit code', code: 5, signal: null },
  { ending: 'throw', code: 1, signal: null, stderr: /uncaught on purpose/ },
  { ending: 'reject', code: 1, signal: null, stderr: /unhandled on purpose/ },
  { ending: 'signal', code: null, signal: 'SIGTERM', kill: 'SIGTERM' },
  { ending: 'signal', code: null, signal: 'SIGINT', kill: 'SIGINT' },
  { ending: 'signal', code: null, signal: 'SIGHUP', kill: 'SIGHUP' },
  { ending: 'own signal handler', code: 3, signal: null, kill: 'SIGTERM' },
  { ending: 'own beforeExit', code: 0, signal: null },
  { ending: 'after a while', code: 0, signal: null },
];

test.each(rows)(
  '1,000 spans just recorded, then $ending $kill: all arrive and the exit is $code $signal',
  async ({ ending, code, signal, kill, stderr }) => {
    const { url, requests } = await listen();
    const ended = await runProgram(program, [ending], { SWARMSCOPE_ENDPOINT: url }, (child) => kill !== undefined && child.kill(kill));
    expect({ code: ended.code, signal: ended.signal }).toEqual({ code, signal });
    const names = [...spanNames(requests).values()];
    expect(names.filter((name) => name.startsWith('span '))).toHaveLength(1_000);
    expect(names).toContain('open at the end');
    const metrics = itemsOf(requests, '/v1/metrics');
    expect(metrics.map((metric) => metric[1]?.[0])).toContain('test.spans');
    if (stderr === undefined) expect(ended.stderr).toBe('');
    else expect(ended.stderr).toMatch(stderr);
    if (ending === 'own beforeExit') expect(ended.stdout).toBe('beforeExit\n');
  },
);

describe('an endpoint in trouble', () => {
  const hang: Reply = () => undefined;
  const status =
    (code: number, headers: Record<string, string> = {}): Reply =>
    (response) =>
      void response.writeHead(code, headers).end();

  test.each<{ name: string; reply: Reply; reason: string }>([
    { name: 'hangs', reply: hang, reason: 'exit_timeout' },
    { name: 'answers 400', reply: status(400), reason: 'http_400' },
    { name: 'answers 429', reply: status(429), reason: 'http_429' },
    { name: 'answers 503 with a long Retry-After', reply: status(503, { 'retry-after': '60' }), reason: 'http_503' },
  ])('that $name costs the app at most its exit delay, and the loss is on record', async ({ reply, reason }) => {
    const { url } = await listen(reply);
    const home = mkdtempSync(join(tmpdir(), 'swarmscope-status-'));
    const start = performance.now();
    const ended = await runProgram(program, ['return'], { SWARMSCOPE_ENDPOINT: url, XDG_STATE_HOME: home, SWARMSCOPE_EXIT_TIMEOUT: '400' });
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    // A bound, not a timing: a process that waited for the endpoint would take 10 s.
    expect(performance.now() - start).toBeLessThan(5_000);
    const [file] = readStatusFiles(readSettings({ XDG_STATE_HOME: home }));
    expect(file?.isEnded).toBe(true);
    expect(file?.signals.traces).toMatchObject({ recorded: 1_001, sent: 0, dropped: { [reason]: 1_001 } });
  });

  test('that refuses costs the app nothing, and the loss is on record', async () => {
    const endpoint = await refusingUrl();
    const home = mkdtempSync(join(tmpdir(), 'swarmscope-status-'));
    const ended = await runProgram(program, ['exit'], { SWARMSCOPE_ENDPOINT: endpoint, XDG_STATE_HOME: home });
    expect(ended).toMatchObject({ code: 7, signal: null, stderr: '' });
    const [file] = readStatusFiles(readSettings({ XDG_STATE_HOME: home }));
    expect(file?.signals.traces.dropped).toEqual({ ECONNREFUSED: 1_001 });
  });

  test('that answers 503 with a short Retry-After gets everything in the end', async () => {
    const { url, requests } = await listen((response, request, index) => {
      if (request.path === '/v1/traces' && index < 2) response.writeHead(503, { 'retry-after': '0' });
      response.end();
    });
    await runProgram(program, ['return'], { SWARMSCOPE_ENDPOINT: url });
    expect(spanNames(requests).size).toBe(1_001);
  });

  test('that is slow, but not too slow, gets everything', async () => {
    const { url, requests } = await listen((response) => void setTimeout(() => response.end(), 150));
    await runProgram(program, ['return'], { SWARMSCOPE_ENDPOINT: url });
    expect(spanNames(requests).size).toBe(1_001);
  });
});
