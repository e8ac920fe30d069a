// What the process of the gateway holds while it reads: a client that does not read, and an answer larger than its memory may be.
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { startGateway } from '../../src/gateway/index.ts';
import { closeAtEnd, dist, ensureBuilt } from '../harness/index.ts';
import { gatewayOf } from './processes.ts';
import { serve, until } from './wire.ts';

const MiB = 1024 ** 2;
const SIZE = 300 * MiB;
/** Node with 162 KB of ours takes 100 MiB; a thousand pieces of 64 KiB that were read and not yet collected are as much again. */
const MOST = 280 * MiB;
const EVENT = Buffer.from(`data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"${'word '.repeat(200)}"}}]}\n\n`);
const PIECE = Buffer.concat(Array.from({ length: 60 }, () => EVENT));

beforeAll(() => ensureBuilt());

const peakOf = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? Number.NaN) * 1_024;

test('300 MiB of a stream, read as fast as they come and not at all, are not held', async () => {
  let ended = 0;
  const port = await serve((asked, answer) => {
    asked.resume();
    if (asked.method !== 'POST') return void answer.end();
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    let sent = 0;
    const go = (): void => {
      do {
        if (sent >= SIZE) return void answer.end('data: [DONE]\n\n');
        sent += PIECE.length;
      } while (answer.write(PIECE));
    };
    answer.on('drain', go);
    go();
  });
  const gateway = await startGateway({
    programFile: join(dist, 'gateway.mjs'),
    environment: { PATH: process.env['PATH'], OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` },
    off: ['OPENAI_API_BASE', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_API_URL', 'GOOGLE_GEMINI_BASE_URL', 'OLLAMA_HOST', 'OLLAMA_API_BASE'],
    runId: 'memory',
    recorder: {
      startLlmCall: () => ({
        learn: () => undefined,
        learnHead: () => undefined,
        end: () => void (ended += 1),
        activity: { set: () => undefined },
      }),
    },
    ownerOf: () => Promise.resolve(undefined),
    isContentCaptured: false,
    hashKey: undefined,
    llmServices: {},
    onWarning: () => undefined,
  });
  closeAtEnd(() => gateway.stop());
  const pid = gatewayOf(process.pid) as number;
  const ask = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const asked = request(`${gateway.variables['OPENAI_BASE_URL'] ?? ''}/chat/completions`, { method: 'POST' });
      closeAtEnd(() => asked.destroy());
      asked.on('response', resolve).on('error', reject);
      asked.end('{"model":"gpt-4o-mini","stream":true,"messages":[]}');
    });
  // Nobody reads it.
  const slow = await ask();
  slow.on('error', () => undefined);
  const fast = await ask();
  let received = 0;
  for await (const chunk of fast as AsyncIterable<Buffer>) received += chunk.length;
  expect(received).toBeGreaterThan(SIZE);
  await until(() => ended === 1, 'the call that was read is told');
  expect(peakOf(pid)).toBeLessThan(MOST);
  slow.destroy();
  await until(() => ended === 2, 'the call that was left is told');
});
