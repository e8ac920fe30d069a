/** What holds for every protocol, whatever its words are. `protocol.test.ts` runs it for each line of the catalogue. */
import { describe, expect, test } from '@jest/globals';
import type { ToolResult } from '../../src/protocols/facts/tool-results.ts';
import type { Protocol, RequestFacts } from '../../src/protocols/protocol.ts';
import { providerOf } from '../../src/protocols/providers.ts';
import { recognise } from '../../src/protocols/recognition.ts';
import type { LlmAnswer, LlmHead, LlmOperation } from '../../src/semconv/telemetry.ts';
import { cutUp, damage, expectEqual } from '../promises/hard-use/fuzz/mutate.ts';
import { Random, seed } from '../promises/hard-use/fuzz/random.ts';
import { absurd } from './absurd.ts';
import { misshapen } from './shapes.ts';
import { readCall, type Call, type Told } from './call.ts';

/** A case that a protocol does not have says why. */
export type Applies<Row> = Row | { readonly doesNotApply: string };

export interface AnswerRow extends Call {
  readonly expected: Partial<LlmAnswer & LlmHead>;
}

export interface RequestRow {
  readonly request: unknown;
  readonly expected: Partial<RequestFacts>;
}

/** Real texts of one protocol. What people or models say in them begins with `canary`, media with `CANARY`. */
export interface ProtocolTable {
  /**
   * Where its calls go to, with `GET` before the address of what is fetched; `gen_ai.provider.name` there, the operation if it is
   * not the first one of the protocol, and the model that the path names.
   */
  readonly own: readonly (readonly [url: string, provider: string, operation?: LlmOperation, model?: string])[];
  /** What looks like its calls and is none. */
  readonly foreign: readonly (readonly [method: string, url: string])[];
  /** A request with every parameter that is read. */
  readonly request: RequestRow;
  readonly plain: AnswerRow;
  /** `outputs`: how many events carry output of the model. */
  readonly stream: Applies<AnswerRow & { readonly outputs: number }>;
  readonly errors: {
    /** A status that says so, with the provider's body. */
    readonly status: AnswerRow;
    /** Status 200 and an error in the body. */
    readonly body: Applies<AnswerRow>;
    /** An event in the middle of a stream. */
    readonly event: Applies<AnswerRow>;
  };
  readonly tools: Applies<{
    readonly offered: RequestRow;
    readonly called: AnswerRow & { readonly ids: readonly string[] };
    /** In a stream, with the arguments in pieces. */
    readonly inPieces: AnswerRow & { readonly ids: readonly string[]; readonly messages: unknown };
    /** A request that brings results back, and the one before it, whose answer asked for the last of them. */
    readonly results: { readonly request: unknown; readonly expected: readonly Partial<ToolResult>[]; readonly asking: unknown };
  }>;
  /** What is captured, by attribute name, JSON parsed. */
  readonly content: Applies<{
    readonly request: unknown;
    readonly asked: Readonly<Record<string, unknown>>;
    readonly answered: Readonly<Record<string, unknown>>;
  }>;
}

export function protocolCases(protocol: Protocol, table: ProtocolTable): void {
  const read = (call: Call, manner?: Parameters<typeof readCall>[2]): Told => readCall(protocol, call, manner);

  /** A row that does not apply is a test whose title gives the reason: CI fails on a skipped test. */
  function cases<Row extends object>(title: string, row: Applies<Row>, fn: (row: Row) => void): void {
    if ('doesNotApply' in row)
      test(`${title}: does not apply, since ${row.doesNotApply}`, () => expect(row.doesNotApply).toMatch(/\w+ \w+/));
    else describe(title, () => fn(row));
  }

  describe('its requests', () => {
    test.each(table.own)('%s is a call of %s', (url, provider, operation = protocol.operations[0]?.name, model = undefined) => {
      const [address = '', method = 'POST'] = url.split(' ').toReversed();
      const { host, pathname, search } = new URL(address);
      const path = pathname + search;
      const recognised = recognise({ method, path });
      expect(recognised).toMatchObject({ protocol: { calls: protocol.calls }, operation: { name: operation }, model });
      if (recognised !== undefined) expect(providerOf({ host, path, header: () => undefined }, recognised)).toBe(provider);
    });

    test.each(table.foreign)('%s %s is no call', (method, url) => {
      const { pathname, search } = new URL(url);
      expect(recognise({ method, path: pathname + search })).toBeUndefined();
    });

    test('every parameter is read', () => {
      expect(read({ ...table.plain, request: table.request.request }).request).toMatchObject(table.request.expected);
    });
  });

  describe('a plain answer', () => {
    test('gives its facts', () => {
      const { answer, unread } = read(table.plain);
      expect(answer).toMatchObject({ statusCode: 200, ...table.plain.expected });
      expect([answer?.errorType, answer?.timeToFirstChunk, unread]).toEqual([undefined, undefined, []]);
    });

    test('says the same when it and its request come in single bytes', () => {
      const call = { ...table.plain, request: table.request.request };
      expect(read(call, { cut: singleBytes })).toEqual(read(call));
    });
  });

  cases('a stream', table.stream, (stream) => {
    const text = Buffer.from(stream.answer as string);

    test('gives its facts and counts the events that carry output', () => {
      const { answer, unread } = read(stream);
      expect(answer).toMatchObject({ ...stream.expected, timeToFirstChunk: 2, timePerChunk: { mean: 0, count: stream.outputs - 1 } });
      expect([answer?.errorType, unread]).toEqual([undefined, []]);
    });

    test.each([false, true])(
      'says the same wherever it is cut in two, in single bytes and in pieces (content captured: %s)',
      (isContentCaptured) => {
        const whole = read(stream, { isContentCaptured });
        const same = (cut: (body: Buffer) => readonly Buffer[]): void => expectEqual(read(stream, { isContentCaptured, cut }), whole);
        for (let at = 0; at <= text.length; at += 1) same((body) => [body.subarray(0, at), body.subarray(at)]);
        same(singleBytes);
        for (let round = 0; round < 50; round += 1) same((body) => cutUp(body, new Random(seed + round)));
      },
    );

    test('says the same with other line ends', () => {
      for (const lineEnd of ['\r\n', '\r']) {
        const changed = { ...stream, answer: text.toString().replaceAll('\n', lineEnd) };
        for (const cut of [undefined, singleBytes]) expect(read(changed, cut && { cut })).toEqual(read(stream));
      }
    });

    test('that breaks off is an error by what happened to the connection, and no error where the client left', () => {
      const begun = { ...stream, answer: text.subarray(0, text.indexOf('\n\n') + 2).toString() };
      expect(read(begun).answer).toMatchObject({ errorType: 'incomplete_stream', finishReasons: ['error'] });
      const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      expect(read(begun, { failure: reset }).answer).toMatchObject({ errorType: 'ECONNRESET', finishReasons: ['error'] });
      expect(read(begun, { failure: new DOMException('left', 'AbortError') }).answer?.errorType).toBeUndefined();
    });

    test('that is whole is no error, whatever happens to the connection afterwards', () => {
      const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      expect(read(stream, { failure: reset })).toEqual(read(stream));
    });
  });

  describe('an error', () => {
    test('told by status and body goes by the name that the provider gives it', () => {
      expect(read(table.errors.status).answer).toMatchObject({ statusCode: table.errors.status.status, ...table.errors.status.expected });
    });

    test('whose body says nothing goes by the status', () => {
      for (const answer of [{}, { error: null }, { error: { message: 'canary' } }])
        expect(read({ status: 503, answer }).answer).toMatchObject({ statusCode: 503, errorType: '503' });
      expect(read({ status: 502, answer: '<html>', headers: { 'content-type': 'text/html' } })).toMatchObject({
        answer: { errorType: '502' },
        unread: ['unreadable-response'],
      });
    });

    test('before any answer goes by what happened to the connection', () => {
      const call = { answer: '', headers: { 'content-type': 'application/json' } };
      expect(read(call, { failure: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) }).answer?.errorType).toBe('ECONNREFUSED');
      expect(read(call, { failure: new DOMException('aborted', 'AbortError') }).answer?.errorType).toBe('AbortError');
    });

    cases('in a body of status 200', table.errors.body, (row) => {
      test('goes by its name', () => expect(read(row).answer).toMatchObject(row.expected));
    });

    cases('in the middle of a stream', table.errors.event, (row) => {
      test('goes by its name and ends the answer', () => {
        expect(read(row).answer).toMatchObject({ finishReasons: ['error'], ...row.expected });
      });
    });
  });

  cases('tools', table.tools, ({ offered, called, inPieces, results }) => {
    test('that a request offers are named', () => {
      expect(read({ ...table.plain, request: offered.request }).request).toMatchObject(offered.expected);
    });

    test('that an answer calls are named, with the ids of those that the client executes', () => {
      const { answer, toolCallIds } = read(called);
      expect(answer).toMatchObject(called.expected);
      expect(toolCallIds).toEqual(called.ids);
    });

    test('that a stream calls in pieces are one call each, with whole arguments', () => {
      const { answer, toolCallIds } = read(inPieces, { isContentCaptured: true });
      expect(answer).toMatchObject(inPieces.expected);
      expect(toolCallIds).toEqual(inPieces.ids);
      expect(JSON.parse(String(answer?.attributes?.['gen_ai.output.messages']))).toEqual(inPieces.messages);
    });

    test('whose results come with a request are named by their ids, names and history', () => {
      const { tools: brought } = read({ ...table.plain, request: results.request }).request ?? {};
      expect(brought?.results).toMatchObject(results.expected);
      const before = read({ ...table.plain, request: results.asking }).request?.tools;
      expect(brought?.results.at(-1)?.history).toBe(before?.history);
    });
  });

  const everyCall = callsOf(table);

  cases('content', table.content, ({ request, asked, answered }) => {
    test('is captured in the shape of the conventions where it is asked for', () => {
      const told = read({ ...table.plain, request }, { isContentCaptured: true });
      expect(parsed(told.request?.attributes, Object.keys(asked))).toEqual(asked);
      expect(parsed(told.answer?.attributes, Object.keys(answered))).toEqual(answered);
      const all = { ...parsed(told.request?.attributes, Object.keys(asked)), ...parsed(told.answer?.attributes, Object.keys(answered)) };
      expect(Object.entries(all).flatMap(([name, value]) => misshapen(name, value))).toEqual([]);
    });

    test('is whole JSON within its bound, however long it is', () => {
      const long = JSON.stringify(request).replaceAll(
        'canary',
        `canary ${'"€\n'.repeat(1_000)}`.replaceAll(/["\n]/g, (mark) => JSON.stringify(mark).slice(1, -1)),
      );
      const { attributes } = read({ ...table.plain, request: JSON.parse(long) as unknown }, { isContentCaptured: true }).request ?? {};
      for (const name of Object.keys(asked)) {
        expect(String(attributes?.[name]).length).toBeLessThanOrEqual(65_536);
        expect(JSON.parse(String(attributes?.[name]))).toEqual(expect.any(Array));
      }
    });
  });

  test('what people and models say is nowhere in the facts unless it is asked for, and media never', () => {
    for (const [, call] of everyCall) {
      expect(JSON.stringify(read(call))).not.toMatch(/canary/i);
      expect(JSON.stringify(read(call, { isContentCaptured: true }))).not.toContain('CANARY');
    }
  });

  test('damaged bytes, in a request or an answer, are read or left out: nothing is thrown, and nothing grows', () => {
    for (const [name, call] of everyCall) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const random = new Random(seed + round);
        const bytes = Buffer.from(typeof call.answer === 'string' ? call.answer : JSON.stringify(call.answer));
        const request = call.request === undefined ? undefined : damage(Buffer.from(JSON.stringify(call.request)), random);
        const damaged = {
          ...call,
          ...(request && { request }),
          answer: damage(bytes, random),
          headers: { ...call.headers, 'content-type': random.pick(LABELS) },
        };
        try {
          expectSane(
            read(damaged, { isContentCaptured: random.chance(0.5), cut: (body) => cutUp(body, random), isCut: random.chance(0.2) }),
          );
        } catch (error) {
          throw new Error(`${name}, round ${round}, seed ${seed}`, { cause: error });
        }
      }
    }
  });

  describe.each(everyCall)('absurd values in %s', (name, call) => {
    // Of a request, capturing reads all that is read without it, and more.
    const manners = name.startsWith('a request') ? [true] : [false, true];
    test.each(manners)('are left out: nothing is thrown, no number is a lie, nothing grows (content captured: %s)', (isContentCaptured) => {
      const shared = { part: manners.indexOf(isContentCaptured), parts: manners.length };
      for (const changed of absurd(call, shared)) expectSane(read(changed, { isContentCaptured }));
    });
  });
}

/** Of each call of the table. */
const ROUNDS = 60;
const LABELS = [
  'application/json',
  'text/event-stream',
  'application/x-ndjson',
  'application/vnd.amazon.eventstream',
  'text/plain',
  'audio/mpeg',
  '',
];

export const singleBytes = (body: Buffer): Buffer[] => [...body].map((byte) => Buffer.from([byte]));

const parsed = (attributes: RequestFacts['attributes'], names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, JSON.parse(String(attributes?.[name])) as unknown]));

/** Every body of the table, by its place there. */
export function callsOf({ request, plain, stream, errors, tools, content }: ProtocolTable): (readonly [string, Call])[] {
  const rows: Readonly<Record<string, object>> = {
    'a request': request,
    'a plain answer': plain,
    'a stream': stream,
    'an error with a status': errors.status,
    'an error in a body': errors.body,
    'an error in a stream': errors.event,
    'a request with content': content,
  };
  if (!('doesNotApply' in tools)) {
    const { offered, called, inPieces, results } = tools;
    Object.assign(rows, {
      'a request with tools': offered,
      'an answer with tools': called,
      'a stream with tools': inPieces,
      'a request with results': results,
    });
  }
  return Object.entries(rows)
    .filter(([, row]) => !('doesNotApply' in row))
    .map(([name, row]) => [name, { answer: {}, ...row }]);
}

/** Tools remembered of one call, and the longest attribute with content. */
const MAX_TOOLS = 128;
const MAX_CONTENT_CHARACTERS = 65_536;

/** Plain comparisons: for some ten thousand calls `expect` would take a minute. */
function expectSane({ request, answer, toolCallIds }: Told): void {
  const wrong: string[] = [];
  if (Object.hasOwn(Object.prototype, 'polluted')) wrong.push('Object.prototype was changed');
  for (const [name, count] of Object.entries(answer?.usage ?? {}) as [string, number | undefined][])
    if (count !== undefined && !(Number.isInteger(count) && count >= 0)) wrong.push(`${name} is ${count}`);
  const called = answer?.toolsCalled?.length ?? 0;
  if (called > MAX_TOOLS || called !== toolCallIds.length) wrong.push(`${called} tools and ${toolCallIds.length} ids`);
  if ((request?.tools?.results.length ?? 0) > MAX_TOOLS) wrong.push(`${request?.tools?.results.length} results`);
  for (const [name, value] of Object.entries({ ...request?.attributes, ...answer?.attributes })) {
    if (typeof value === 'number' && !Number.isFinite(value)) wrong.push(`${name} is ${value}`);
    if (!/messages|instructions|definitions/.test(name) || typeof value !== 'string') continue;
    if (value.length > MAX_CONTENT_CHARACTERS || !Array.isArray(JSON.parse(value))) wrong.push(`${name} is ${value.slice(0, 100)}`);
  }
  if (wrong.length > 0) throw new Error(wrong.join('; '));
}
