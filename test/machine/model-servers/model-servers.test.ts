/** Model servers as small HTTP servers that answer recorded texts: what is told of them, and what is left alone. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ModelServers, usualServers, type WatchOptions } from '../../../src/machine/model-servers/watch.ts';
import { freshFolder } from '../../harness/index.ts';
import { refusingUrl } from '../../harness/free-ports.ts';
import { LLAMA_CPP, LM_STUDIO, LM_STUDIO_0, OLLAMA, SGLANG, VLLM } from './answers.ts';

const open: Server[] = [];
afterAll(() => {
  for (const server of open) {
    server.closeAllConnections();
    server.close();
  }
});

interface Serving {
  readonly url: string;
  readonly port: number;
  readonly asked: string[];
}

/** Answers these paths, and 404 elsewhere; a text of undefined is never answered. */
async function serve(texts: Readonly<Record<string, string | undefined>>): Promise<Serving> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (!(url in texts)) response.writeHead(404).end('not found');
    else if (texts[url] !== undefined) response.end(texts[url]);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, asked };
}

const counts = new Map<string, number>();
const options = (urls: readonly string[], more: Partial<WatchOptions> = {}): WatchOptions => ({
  urls,
  looksForOthers: false,
  intervalMs: 20,
  now: () => Date.now(),
  count: (name) => counts.set(name, (counts.get(name) ?? 0) + 1),
  ...more,
});

/** The first answer that is not empty. */
async function until<T>(ask: () => readonly T[] | false): Promise<readonly T[]> {
  for (;;) {
    const answer = ask();
    if (answer !== false && answer.length > 0) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const LLAMA = 'meta-llama/Llama-3.1-8B-Instruct';
const loaded = (model: string, gpuBytes?: number) => ({ model, gpuBytes });

test.each([
  ['vllm', { '/metrics': VLLM }, [{ model: LLAMA, running: 12, waiting: 3, kvCache: 0.81, preemptions: 480 }], [loaded(LLAMA)]],
  ['sglang', { '/metrics': SGLANG }, [{ model: LLAMA, running: 6, waiting: 2, kvCache: 0.28, preemptions: 5 }], [loaded(LLAMA)]],
  ['llama.cpp', { '/metrics': LLAMA_CPP }, [{ model: undefined, running: 2, waiting: 5, kvCache: undefined, preemptions: undefined }], []],
  ['ollama', { '/api/ps': OLLAMA }, [], [loaded('gemma3', 5_333_539_264)]],
  ['lmstudio', { '/api/v1/models': LM_STUDIO }, [], [loaded('qwen/qwen3-4b')]],
  ['lmstudio', { '/api/v0/models': LM_STUDIO_0 }, [], [loaded('granite-3.0-2b')]],
] as const)('%s is known by its answer', async (kind, texts, loads, models) => {
  const { url, port } = await serve(texts);
  const servers = new ModelServers(options([url]));
  expect(await until(() => servers.readings())).toEqual([{ kind, host: '127.0.0.1', port, loads, loaded: models }]);
  servers.stop();
});

test('a server of another kind is asked each path once, and never again', async () => {
  const other = await serve({
    '/metrics': '# TYPE http_requests_total counter\nhttp_requests_total 5\n',
    '/api/ps': '[]',
    '/api/v1/models': '<html>',
  });
  const real = await serve({ '/metrics': VLLM });
  const servers = new ModelServers(options([other.url, real.url]));
  await until(() => real.asked.length > 10 && servers.readings());
  servers.stop();
  expect(other.asked).toEqual(['/metrics', '/api/ps', '/api/v1/models', '/api/v0/models']);
  expect(servers.readings()).toHaveLength(1);
});

test('a server that hangs is asked once at a time, and no collection waits for it', async () => {
  const hung = await serve({ '/metrics': undefined });
  const real = await serve({ '/metrics': SGLANG });
  const servers = new ModelServers(options([hung.url, real.url]));
  await until(() => real.asked.length > 5 && servers.readings());
  expect(hung.asked).toEqual(['/metrics']);
  servers.stop();
});

test('what is no address, and what nobody listens at, is no server', async () => {
  counts.clear();
  const servers = new ModelServers(options(['vllm', 'https://127.0.0.1:1', await refusingUrl()]));
  expect(counts.get('model-servers.unusable-url')).toBe(2);
  expect(servers.readings()).toEqual([]);
  servers.stop();
});

test('an answer that is too old is not shown', async () => {
  let nowMs = 0;
  const { url } = await serve({ '/metrics': VLLM });
  const servers = new ModelServers(options([url], { now: () => nowMs }));
  await until(() => servers.readings());
  servers.stop();
  nowMs = 60_000;
  expect(servers.readings()).toEqual([]);
});

test('a usual port counts where a program of its kind runs: a server under development at 8000 is left alone', () => {
  const root = freshFolder('proc');
  const files: Readonly<Record<string, string>> = {
    uptime: '100.0 50.0',
    'net/tcp': [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      // 8000 and 11434 listen, 8080 is connected.
      '   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1',
      '   1: 00000000:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12 1',
      '   2: 0100007F:1F90 0100007F:C000 01 00000000:00000000 00:00000000 00000000  1000        0 13 1',
    ].join('\n'),
    '41/cmdline': 'node\0server.js\0--port\x008000\0',
    '42/cmdline': '/usr/local/bin/ollama\0serve\0',
    '43/cmdline': '/opt/llama-server\0-m\0x.gguf\0',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  expect(usualServers(root)).toEqual(['ollama']);
  writeFileSync(join(root, '41/cmdline'), 'python3\0-m\0vllm.entrypoints.openai.api_server\0');
  expect(usualServers(root)).toEqual(['vllm', 'ollama']);
});
