/** Every client of the table, in every form: the program sees what it sees without us, and each call is one right span. */
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NODE_VERSIONS, nodeBinary } from '../../tools/node-versions.ts';
import type { SpanRow } from '../../src/analysis/model.ts';
import { freePorts } from '../harness/free-ports.ts';
import { ensureBuilt, freshFolder, runProgram, startSink, type ProgramResult } from '../harness/index.ts';
import { spansOf } from '../harness/received.ts';
import { startProxy, type Proxy } from '../promises/same-program/sdks/proxy.ts';
import { installClients } from './install.ts';
import { certificateFile, startServer, TOKENS, type ClientsServer } from './server.ts';
import { BODIES, TABLE, type Body, type ClientRow, type Coded, type Form } from './table.ts';

const MINUTES = 60_000;
const isSince = (version: string, first: string): boolean => version.localeCompare(first, 'en', { numeric: true }) >= 0;
const runsOn = ({ runsFrom }: ClientRow, version: string): boolean => runsFrom === undefined || isSince(version, runsFrom);
const isSeenOn = ({ from }: ClientRow, version: string): boolean =>
  from === undefined || isSince(version, version.startsWith('22.') ? from[22] : from[24]);

type Case = Form | Body | Coded;
const formsOf = ({ forms, bodies, coded = [] }: ClientRow): Case[] => [...forms, ...bodies, ...coded];

let server: ClientsServer;
let proxy: Proxy;
let folder: string;
let refusingPort = 0;
beforeAll(async () => {
  ensureBuilt();
  [server, proxy] = await Promise.all([startServer(), startProxy()]);
  [refusingPort = 0] = await freePorts(1);
  folder = freshFolder('clients');
  cpSync(join(import.meta.dirname, 'programs'), folder, { recursive: true });
  symlinkSync(installClients(), join(folder, 'node_modules'));
}, 10 * MINUTES);
afterAll(() => Promise.all([server.close(), proxy.close()]));

interface Comparison {
  /** What the program saw of each call, by its name, without us and with us. */
  readonly plain: ReadonlyMap<string, unknown>;
  readonly loaded: ReadonlyMap<string, unknown>;
  readonly plainRun: ProgramResult;
  readonly loadedRun: ProgramResult;
  readonly spans: readonly SpanRow[];
}

async function compare(
  rows: readonly ClientRow[],
  version: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Comparison> {
  const sink = await startSink();
  const env = {
    PLAN: JSON.stringify(rows.map((row) => ({ ...row, forms: formsOf(row), address: addressOf(row) }))),
    HTTP_URL: server.url,
    TLS_URL: server.tlsUrl,
    HTTP2_URL: server.http2Url,
    PROXY_URL: proxy.url,
    REFUSING_PORT: String(refusingPort),
    NODE_EXTRA_CA_CERTS: certificateFile,
    ...environment,
  };
  const run = (more: object, preload: 'none' | 'require'): Promise<ProgramResult> => {
    server.forget();
    return runProgram({
      node: nodeBinary(version),
      file: join(folder, 'run.mjs'),
      preload,
      env: { ...env, ...more },
      timeoutMs: 8 * MINUTES,
    });
  };
  const plainRun = await run({}, 'none');
  const loadedRun = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' }, 'require');
  await sink.close();
  return { plainRun, loadedRun, plain: seenIn(plainRun), loaded: seenIn(loadedRun), spans: spansOf(sink) };
}

function seenIn({ stdout }: ProgramResult): Map<string, unknown> {
  return new Map(
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as [string, unknown]),
  );
}

/** Of its refused call nobody knows the model: the address tells it. */
function addressOf(row: ClientRow): string {
  return `127.0.2.${TABLE.indexOf(row) + 1}`;
}

interface Expected {
  readonly ending: string;
  readonly error?: RegExp;
  readonly tokens?: boolean;
  readonly stream?: boolean;
  readonly spans?: number;
}

const COMPLETE: Expected = { ending: 'complete', tokens: true };
const EXPECTED: Readonly<Record<Form, Expected>> = {
  plain: COMPLETE,
  stream: { ...COMPLETE, stream: true },
  limited: { ending: 'error', error: /rate_limit/ },
  moved: COMPLETE,
  cut: { ending: 'cut', error: /^(?:ECONNRESET|UND_ERR_SOCKET|incomplete_stream)$/ },
  refused: { ending: 'error', error: /^(?:ECONNREFUSED|ERR_HTTP2_STREAM_CANCEL)$/ },
  left: { ending: 'left' },
  aborted: { ending: 'aborted', error: /.+/ },
  timeout: { ending: 'timeout', error: /.+/ },
  retried: { ...COMPLETE, spans: 2 },
  several: { ...COMPLETE, spans: 3 },
};

function callsOf(spans: readonly SpanRow[], row: ClientRow, form: Case): SpanRow[] {
  const name = `${row.client}~${form}`;
  return spans.filter(({ attributes }) =>
    form === 'refused'
      ? attributes['server.address'] === addressOf(row)
      : (attributes['gen_ai.request.model'] ?? attributes['gen_ai.response.model']) === name,
  );
}

function expectedOf({ isTimeoutUntold = false }: ClientRow, form: Case): Expected {
  if (form === 'timeout' && isTimeoutUntold) return EXPECTED.aborted;
  if (form.includes('.')) return EXPECTED.stream;
  return (BODIES as readonly string[]).includes(form) ? COMPLETE : EXPECTED[form as Form];
}

function checkCalls(calls: readonly SpanRow[], row: ClientRow, form: Case): void {
  const { ending, error, tokens, stream, spans = 1 } = expectedOf(row, form);
  expect(calls).toHaveLength(spans);
  const last = calls.at(-1)?.attributes ?? {};
  expect([form, last['swarmscope.inference.ending']]).toEqual([form, ending]);
  expect(last['error.type']).toEqual(error === undefined ? undefined : expect.stringMatching(error));
  const told = [last['gen_ai.usage.input_tokens'], last['gen_ai.usage.output_tokens']];
  expect(told).toEqual(tokens === true ? TOKENS : [undefined, undefined]);
  if (form === 'plain' || stream === true)
    expect(last['gen_ai.response.time_to_first_chunk']).toEqual(stream === true ? expect.any(Number) : undefined);
  // The one body whose words no service of models reads.
  if (form !== 'URLSearchParams' && form !== 'refused') expect(last['gen_ai.request.model']).toBe(`${row.client}~${form}`);
  if (form === 'retried') expect(last['http.request.resend_count']).toBe(1);
}

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  const rows = TABLE.filter((row) => runsOn(row, version));
  let result: Comparison;
  beforeAll(async () => {
    result = await compare(rows, version);
  }, 17 * MINUTES);

  test.each(rows.map((row) => [row.title, row] as const))('%s', (_title, row) => {
    for (const form of formsOf(row)) {
      const name = `${row.client}~${form}`;
      expect(result.plain.get(name)).toBeDefined();
      expect([name, result.loaded.get(name)]).toEqual([name, result.plain.get(name)]);
      const calls = callsOf(result.spans, row, form);
      try {
        if (isSeenOn(row, version)) checkCalls(calls, row, form);
        else expect(calls).toEqual([]);
      } catch (error) {
        throw new Error(name, { cause: error });
      }
    }
  });

  test('the program prints and ends as without us, and there are no other calls', () => {
    const { plainRun, loadedRun, spans } = result;
    const warnings = (text: string): string => text.replaceAll(/\(node:\d+\)/g, '(node)');
    expect([loadedRun.code, loadedRun.signal, warnings(loadedRun.stderr)]).toEqual([0, null, warnings(plainRun.stderr)]);
    expect(result.loaded.size).toBe(result.plain.size);
    const counted = rows
      .filter((row) => isSeenOn(row, version))
      .flatMap((row) => formsOf(row).map((form) => callsOf(spans, row, form).length));
    const all = spans.filter(({ attributes }) => attributes['gen_ai.provider.name'] !== undefined);
    expect(all).toHaveLength(counted.reduce((sum, count) => sum + count, 0));
  });
});

/** Node reads these from 22.21 and 24.5 on. */
test.each(NODE_VERSIONS.slice(1))(
  'calls that Node %s sends through the proxy of its environment have the address of their service',
  async (version) => {
    const names = ['fetch', 'node-http', 'node-https', 'axios'];
    const rows = TABLE.filter(({ client }) => names.includes(client)).map((row): ClientRow => ({
      ...row,
      forms: ['plain', 'stream'],
      bodies: [],
      coded: [],
    }));
    const before = proxy.asked.length;
    const { plain, loaded, loadedRun, spans } = await compare(rows, version, {
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: proxy.url,
      HTTPS_PROXY: proxy.url,
    });
    expect([loadedRun.code, loaded]).toEqual([0, plain]);
    const asked = proxy.asked.slice(before).join(' ');
    for (const row of rows) {
      if (row.scheme === 'http') expect(asked).toMatch(/127\.0\.0\.1/);
      for (const form of row.forms) {
        const calls = callsOf(spans, row, form);
        checkCalls(calls, row, form);
        expect(String(calls[0]?.attributes['server.port'])).toBe(new URL(row.scheme === 'tls' ? server.tlsUrl : server.url).port);
      }
    }
  },
  17 * MINUTES,
);
