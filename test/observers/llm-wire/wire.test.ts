/** Real programs with real clients on every supported Node: what is recorded, and that the app sees no difference. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LLMock } from '@copilotkit/aimock';
import { NODE_VERSIONS, nodeBinary } from '../../../tools/node-versions.ts';
import { bundlePreload } from './bundle.ts';
import { refusingUrl } from '../../harness/free-ports.ts';
import { startMock } from './mock.ts';

interface Line {
  call?: number;
  kind: 'start' | 'learn' | 'head' | 'end' | 'fault' | 'count';
  start?: Record<string, unknown>;
  facts?: Record<string, unknown>;
  head?: Record<string, unknown>;
  end?: Record<string, unknown>;
}

interface Row {
  /** What each attempt's end must hold, in order; a retrying SDK makes two. */
  ends: readonly Record<string, unknown>[];
  /** Keys that must be absent from the last end. */
  absent?: readonly string[];
  learned?: Record<string, unknown>;
  /** What the first head tells. */
  head?: Record<string, unknown>;
}

const CLIENTS = ['openai', 'anthropic', 'fetch', 'http'] as const;
type Client = (typeof CLIENTS)[number];

const isSdk = (client: Client): boolean => client === 'openai' || client === 'anthropic';
/** The mock passes no details of OpenAI's usage on; those are tested in `protocols.test.ts`. */
const usage = { inputTokens: 11, outputTokens: 7 };
/** The SDKs try again once. */
const attempts = (client: Client, end: Record<string, unknown>) => (isSdk(client) ? [end, end] : [end]);

const CASES: Readonly<Record<string, (client: Client) => Row>> = {
  plain: () => ({
    ends: [{ finishReasons: ['stop'], usage: expect.objectContaining(usage), statusCode: 200 }],
    absent: ['errorType', 'timeToFirstChunk'],
  }),
  stream: () => ({
    ends: [
      {
        finishReasons: ['stop'],
        usage: expect.objectContaining(usage),
        timeToFirstChunk: expect.any(Number),
        timePerChunk: expect.objectContaining({ count: expect.any(Number) }),
      },
    ],
    absent: ['errorType'],
    learned: { stream: true },
  }),
  tools: () => ({ ends: [{ finishReasons: ['tool_call'], toolsCalled: ['get_weather'] }], learned: { toolsOffered: ['get_weather'] } }),
  retried: (client) => {
    const refused = {
      statusCode: 429,
      errorType: client === 'anthropic' ? 'rate_limit_error' : 'rate_limit_exceeded',
    };
    const head = { statusCode: 429, rateLimits: expect.arrayContaining([{ kind: 'requests', limit: 60, remaining: 0, resetSeconds: 1 }]) };
    return { ends: isSdk(client) ? [refused, { finishReasons: ['stop'], statusCode: 200 }] : [refused], head };
  },
  failed: (client) => ({ ends: attempts(client, { statusCode: 500, errorType: 'server_error' }) }),
  cut: () => ({ ends: [{ finishReasons: ['error'], errorType: expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET)$/) }] }),
  left: () => ({ ends: [{ statusCode: 200 }], absent: ['errorType', 'finishReasons'] }),
  aborted: () => ({ ends: [{ errorType: 'AbortError' }], absent: ['statusCode'] }),
  refused: (client) => ({ ends: attempts(client, { errorType: 'ECONNREFUSED' }), absent: ['statusCode'] }),
};

let mock: LLMock;
let preload: string;
let refusing: string;
const folder = mkdtempSync(join(tmpdir(), 'llm-wire-test-'));

beforeAll(async () => {
  preload = bundlePreload();
  mock = await startMock();
  refusing = await refusingUrl();
});

afterAll(() => mock.stop());

async function runProgram({
  node,
  program,
  client,
  name,
  isWatched,
}: {
  node: string;
  program: string;
  client: Client;
  name: string;
  isWatched: boolean;
}) {
  mock.resetMatchCounts();
  const file = join(folder, 'lines.jsonl');
  writeFileSync(file, '');
  const { PATH, HOME } = process.env;
  const environment = { PATH, HOME, MOCK_URL: mock.url, REFUSING_URL: refusing, LLM_WIRE_OUT: file };
  const args = [...(isWatched ? ['--require', preload] : []), join(import.meta.dirname, 'programs', program), client, name];
  const { stdout } = await promisify(execFile)(node, args, { env: environment, timeout: 20_000 });
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  return { stdout: stdout.trim(), lines };
}

function checkRow(lines: readonly Line[], row: Row, client: Client): void {
  const starts = lines.filter(({ kind }) => kind === 'start');
  const ends = lines.filter(({ kind }) => kind === 'end');
  expect(lines.filter(({ kind }) => kind === 'fault')).toEqual([]);
  expect(ends.map(({ end }) => end)).toEqual(row.ends.map((end) => expect.objectContaining(end)));
  expect(new Set(ends.map(({ call }) => call)).size).toBe(starts.length);
  expect(starts).toHaveLength(ends.length);
  starts.forEach(({ start }, index) => {
    expect(start).toMatchObject({
      operation: 'chat',
      provider: client === 'anthropic' ? 'anthropic' : 'openai',
      serverAddress: '127.0.0.1',
      frame: 'caller',
    });
    if (isSdk(client)) expect(start).toMatchObject({ resendCount: index });
  });
  for (const key of row.absent ?? []) expect(ends.at(-1)?.end).not.toHaveProperty(key);
  if (row.head !== undefined) expect(lines.find(({ kind }) => kind === 'head')?.head).toMatchObject(row.head);
  if (row.learned !== undefined) expect(lines.find(({ kind }) => kind === 'learn')?.facts).toMatchObject(row.learned);
}

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  let node: string;
  beforeAll(() => {
    node = nodeBinary(version);
  });

  describe.each(CLIENTS)('a program that uses %s', (client) => {
    test.each(Object.keys(CASES))('%s: each attempt is one span, which ends once', async (name) => {
      const { stdout, lines } = await runProgram({ node, program: 'app.cjs', client, name, isWatched: true });
      checkRow(lines, CASES[name]!(client), client);
      expect(stdout).toMatch(
        ['plain', 'stream', 'tools', 'left'].includes(name) || (name === 'retried' && isSdk(client)) ? /^ok$/ : /^threw/,
      );
    });
  });

  test.each(['openai', 'anthropic'] as const)('an ES module that streams with %s is recorded like CommonJS', async (client) => {
    const { lines } = await runProgram({ node, program: 'app.mjs', client, name: 'stream', isWatched: true });
    checkRow(lines, CASES['stream']!(client), client);
  });

  test.each(CLIENTS)('%s: a failure looks to the app as it does without swarmscope', async (client) => {
    const seen = await runProgram({ node, program: 'app.cjs', client, name: 'cut', isWatched: true });
    const plain = await runProgram({ node, program: 'app.cjs', client, name: 'cut', isWatched: false });
    expect(seen.stdout).toBe(plain.stdout);
  });
});
