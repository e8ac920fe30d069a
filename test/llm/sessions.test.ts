/**
 * Sessions over WebSockets by the clients that people use: OpenAI's classes for Realtime and Responses, Google's for Live, `ws` and
 * Node's own. One process for each client holds a session for each course that a server may take.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../src/analysis/model.ts';
import { certificateFile } from '../clients/server.ts';
import { bytesOf, observe, type Seen } from '../e2e/programs.ts';
import { INPUT_TOKENS, OUTPUT_TOKENS } from './answers.ts';
import { programsFolder } from './run-row.ts';
import { startSessionServer, type Course, type SessionServer } from './session-server.ts';

interface Client {
  readonly client: string;
  readonly package: string;
  readonly model: string;
  readonly provider: string;
  /** Has a way to drop a connection without closing it. */
  readonly leaves?: boolean;
}

const realtime = { model: 'gpt-realtime', provider: 'openai' };
const responses = { model: 'gpt-5', provider: 'openai' };
const CLIENTS: readonly Client[] = [
  { client: 'realtime by ws', package: 'openai4', ...realtime, leaves: true },
  { client: 'realtime by ws', package: 'openai6', ...realtime, leaves: true },
  { client: 'realtime by ws', package: 'openai', ...realtime, leaves: true },
  { client: 'realtime by WebSocket', package: 'openai', ...realtime },
  { client: 'responses by ws', package: 'openai', ...responses },
  { client: 'live', package: 'genai1', model: 'gemini-live-2.5-flash', provider: 'gcp.gemini' },
  { client: 'live', package: 'genai3', model: 'gemini-live-2.5-flash', provider: 'gcp.gemini' },
  { client: 'ws', package: 'ws', ...responses, leaves: true },
  { client: 'WebSocket', package: 'no package', ...responses },
];

/** How a session ends, and the call in it. */
interface Expected {
  readonly course: Course;
  readonly session: Readonly<Record<string, unknown>>;
  readonly call: Readonly<Record<string, unknown>>;
  readonly isFault: boolean;
  /** Default: what the program was told last is that the answer is whole. */
  readonly told?: string;
}

const counted = { 'gen_ai.usage.input_tokens': INPUT_TOKENS, 'gen_ai.usage.output_tokens': OUTPUT_TOKENS };
const complete = { 'swarmscope.session.ending': 'complete', 'swarmscope.session.response.count': 1 };
const whole = {
  session: complete,
  call: { ...counted, 'swarmscope.inference.ending': 'complete', 'gen_ai.response.time_to_first_chunk': expect.any(Number) as unknown },
  isFault: false,
};
const CASES: readonly (readonly [title: string, expected: Expected])[] = [
  ['that is answered', { course: 'answers', ...whole }],
  ['whose messages come in fragments', { course: 'fragments', ...whole }],
  ['whose messages are compressed', { course: 'compresses', ...whole }],
  ['with a message of 8 MiB', { course: 'is long', ...whole }],
  [
    'with a last message that is longer than anybody reads',
    // What it says is not known, so the answer never ended as far as can be seen.
    { course: 'is too long', session: complete, call: { 'swarmscope.inference.ending': 'left' }, isFault: false },
  ],
  [
    'that the service closes with a fault',
    {
      course: 'closes with a fault',
      session: { 'swarmscope.session.ending': 'error', 'swarmscope.session.close.code': 1011, 'error.type': 'close_1011' },
      call: { 'swarmscope.inference.ending': 'cut' },
      isFault: true,
      told: 'closed',
    },
  ],
  [
    'whose connection breaks',
    {
      course: 'drops',
      session: { 'swarmscope.session.ending': 'cut', 'error.type': expect.any(String) },
      call: { 'swarmscope.inference.ending': 'cut' },
      isFault: true,
      told: 'closed',
    },
  ],
];

let server: SessionServer;
const runs = new Map<Client, Promise<Seen>>();
beforeAll(async () => {
  server = await startSessionServer();
  const folder = programsFolder();
  for (const client of CLIENTS) runs.set(client, run(client, folder));
}, 300_000);
afterAll(() => server.close());

/** Two of the courses are silent servers: of the program that drops the connection, and of the one that exits. */
function run({ client, package: name, leaves }: Client, folder: string): Promise<Seen> {
  const { 'is silent': silent, ...others } = server.urls;
  const urls = { ...others, ...(leaves === true && { left: silent }), exits: silent };
  return observe('with the preload alone', {
    file: join(folder, 'sessions.mjs'),
    args: [JSON.stringify({ client, package: name, urls })],
    env: { NODE_EXTRA_CA_CERTS: certificateFile },
  });
}

describe.each(CLIENTS)('$client, $package: a session', (client) => {
  let seen: Seen;
  let told: Record<string, unknown>;
  beforeAll(async () => {
    seen = await (runs.get(client) as Promise<Seen>);
    told = JSON.parse(seen.stdout || '{}') as Record<string, unknown>;
  }, 600_000);
  const at = (course: Course): { sessions: SpanRow[]; calls: SpanRow[] } => {
    const spans = seen.spans
      .filter(({ attributes }) => server.courseOfPort.get(Number(attributes['server.port'])) === course)
      .toSorted((one, other) => one.startMs - other.startMs);
    const sessions = spans.filter(({ name }) => name === `run_session ${client.model}`);
    return { sessions, calls: spans.filter((span) => !sessions.includes(span)) };
  };

  test.each(CASES)('%s', (_, { course, session, call, isFault, told: last = 'done' }) => {
    expect(told[course]).toBe(last);
    const { sessions, calls } = at(course);
    expect(sessions.map(({ attributes, isError }) => ({ attributes, isError }))).toMatchObject([
      { attributes: { 'gen_ai.provider.name': client.provider, ...session }, isError: isFault },
    ]);
    expect(calls.map(({ parentSpanId, attributes, isError }) => ({ parentSpanId, attributes, isError }))).toMatchObject([
      {
        parentSpanId: sessions[0]?.spanId,
        attributes: { 'gen_ai.request.model': client.model, 'gen_ai.provider.name': client.provider, ...call },
        isError: isFault,
      },
    ]);
  });

  test('that is open at the end of the process, and one that the program drops', () => {
    const { sessions, calls } = at('is silent');
    const endings = client.leaves === true ? ['left', 'process_exit'] : ['process_exit'];
    expect(sessions.map(({ attributes }) => attributes['swarmscope.session.ending'])).toEqual(endings);
    expect(calls.map(({ attributes }) => attributes['swarmscope.inference.ending'])).toEqual(endings);
  });

  test('leaves no word of its content, and the program as it is', () => {
    expect(seen).toMatchObject({ code: 0, stderr: '' });
    expect(bytesOf(seen.sink)).not.toContain('canary');
  });
});

test('messages were compressed where a client had asked for it', async () => {
  await Promise.all(runs.values());
  const agreed = [...server.extensions.compresses];
  expect(agreed.some((extensions) => extensions.includes('permessage-deflate'))).toBe(true);
});
