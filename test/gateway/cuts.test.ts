// In the middle of a stream: the gateway is killed, swarmscope is killed; and a gateway that cannot start.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { closeAtEnd, commandFile, dist, ensureBuilt, freshFolder, runProgram, startProgram } from '../harness/index.ts';
import { freePorts } from '../harness/free-ports.ts';
import { gatewayOf, isAlive } from './processes.ts';
import { serve, until } from './wire.ts';

beforeAll(() => ensureBuilt());

const OTHERS = { SWARMSCOPE_GATEWAY_OFF: 'anthropic,anthropic-url,gemini,openai-base' };
const event = (word: string): string =>
  `data: {"id":"chatcmpl-1","model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"${word}"}}]}\n\n`;
const LAST =
  'data: {"id":"chatcmpl-1","model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}\n\ndata: [DONE]\n\n';
const SCRIPT = `
curl -sSN "$OPENAI_BASE_URL/chat/completions" -H 'content-type: application/json' \\
  -d '{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"hi"}]}'
echo "curl: $?"
`;

/** Streams the first event and leaves the rest to the test. */
async function startStreaming(): Promise<{ readonly port: number; readonly streams: ServerResponse[] }> {
  const streams: ServerResponse[] = [];
  const port = await serve((request, response) => {
    request.resume();
    if (request.method !== 'POST') return void response.end();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event('first'));
    streams.push(response);
  });
  return { port, streams };
}

function start(port: number, file = commandFile) {
  const json = join(freshFolder('report'), 'report.json');
  const running = startProgram({
    file,
    preload: 'none',
    files: { 'swarm.sh': SCRIPT },
    args: ['run', '--gateway', '--quiet', '--json', json, '--', 'sh', 'swarm.sh'],
    env: { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, ...OTHERS },
  });
  return { ...running, json };
}

interface Report {
  readonly usage: { readonly calls: number };
  readonly losses: Readonly<Record<string, number>>;
}

test('a gateway that is killed cuts its streams, for the client as for the provider, and the call is told as an error', async () => {
  const { port, streams } = await startStreaming();
  const { child, finished, printed, json } = start(port);
  await printed(/first/);
  process.kill(gatewayOf(child.pid as number) as number, 'SIGKILL');
  const { stdout, code } = await finished;
  // 18: less came than was said; 56: the connection was reset.
  expect(stdout).toMatch(/^data: .*first.*\n\ncurl: (?:18|56)\n$/);
  expect(code).toBe(0);
  await until(() => streams[0]?.destroyed === true || streams[0]?.closed === true, 'the provider hears of it');
  const { usage, losses } = JSON.parse(readFileSync(json, 'utf8')) as Report;
  expect([usage.calls, losses['gateway.restarts']]).toEqual([1, 1]);
  expect(readFileSync(json, 'utf8')).toContain('gateway_died');
});

test('a stream goes on to its end when swarmscope is killed in its middle', async () => {
  const { port, streams } = await startStreaming();
  const { child, finished, printed } = start(port);
  await printed(/first/);
  const pid = gatewayOf(child.pid as number) as number;
  child.kill('SIGKILL');
  await until(() => !isAlive(child.pid as number), 'swarmscope is gone');
  streams[0]?.write(event('second'));
  streams[0]?.end(LAST);
  // Its output ends with the last process that holds it.
  expect((await finished).stdout).toBe(`${event('first')}${event('second')}${LAST}curl: 0\n`);
  await until(() => !isAlive(pid), 'the gateway is gone');
});

test('where the file of the gateway is missing the program runs without it, and the report says so', async () => {
  const { port, streams } = await startStreaming();
  const copy = freshFolder('dist');
  cpSync(dist, copy, { recursive: true });
  const file = join(copy, readdirSync(copy).includes('cli.mjs') ? 'cli.mjs' : 'none');
  rmSync(join(copy, 'gateway.mjs'));
  const { finished, printed, json } = start(port, file);
  await printed(/first/);
  streams[0]?.end(LAST);
  const { stdout, stderr, code } = await finished;
  expect({ stdout, code }).toEqual({ stdout: `${event('first')}${LAST}curl: 0\n`, code: 0 });
  expect(stderr).toContain('The gateway could not be started (it ended at once (1)): the program runs without it.');
  // The printed report, too.
  expect(stderr).toContain('gateway not started');
  const { losses } = JSON.parse(readFileSync(json, 'utf8')) as Report;
  expect(losses['gateway not started (it ended at once (1)): calls of other languages']).toBe(1);
});

test('a port that is taken is said with what to do', async () => {
  const [port] = await freePorts(1);
  const server = createServer().listen(port, '127.0.0.1');
  closeAtEnd(() => server.close());
  await once(server, 'listening');
  const { code, stderr } = await runProgram({ file: commandFile, preload: 'none', args: ['gateway', '--port', String(port), '--quiet'] });
  expect(code).not.toBe(0);
  expect(stderr).toContain(`Port ${port} is in use. Choose another with --port.`);
});
