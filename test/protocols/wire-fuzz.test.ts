// The whole way of an answer, encoded, damaged and cut up: decoding, framing and protocol. Nothing throws, hangs or grows, and
// what could not be parsed is still a call with its times and its status, and is counted.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ExchangeListener } from '../../src/hooks/http/index.ts';
import { OpenExchange } from '../../src/hooks/http/index.ts';
import * as catalogue from '../../src/protocols/catalogue.ts';
import { ExchangeReader } from '../../src/protocols/exchange.ts';
import type { Operation, Protocol } from '../../src/protocols/protocol.ts';
import type { LlmAnswer } from '../../src/semconv/telemetry.ts';
import { cutUp, damage, expectSane } from '../promises/hard-use/fuzz/mutate.ts';
import { fuzz, type Random } from '../promises/hard-use/fuzz/random.ts';
import type { AnswerRow, ProtocolTable } from './protocol.cases.ts';

const START = 1_000;
/** Far from the start: what decoding really takes, on any machine, is taken off it. */
const END = 601_000;
const MB = 1024 * 1024;
const GROWTH = 32 * MB;
const ENCODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  '': (body) => body,
  gzip: (body) => zlib.gzipSync(body),
  deflate: (body) => zlib.deflateSync(body),
  br: (body) => zlib.brotliCompressSync(body, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } }),
  zstd: (body) => zlib.zstdCompressSync(body),
  'gzip, br': (body) => zlib.brotliCompressSync(zlib.gzipSync(body), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } }),
};
const LABELS = ['application/json', 'text/event-stream', 'application/x-ndjson', 'application/vnd.amazon.eventstream', 'text/plain', ''];
const ENDINGS = ['end', 'error', 'cut'] as const;

interface Passed {
  readonly protocol: Protocol;
  readonly request: Buffer;
  readonly pieces: readonly Buffer[];
  readonly encoding: string;
  readonly label: string;
  readonly status: number;
  readonly ending: (typeof ENDINGS)[number];
  readonly isContentCaptured: boolean;
}

interface Outcome {
  readonly answers: LlmAnswer[];
  readonly unread: string[];
}

/** As a hook does. A fault of ours is thrown. */
function pass({ protocol, request, pieces, encoding, label, status, ending, isContentCaptured }: Passed): Outcome {
  const outcome: Outcome = { answers: [], unread: [] };
  const headers: Readonly<Record<string, string>> = { 'content-type': label, 'content-encoding': encoding };
  const sink = new ExchangeReader({
    recognised: { protocol, operation: protocol.operations[0] as Operation, model: undefined },
    isUnsure: false,
    isContentCaptured,
    request: { header: () => undefined },
    startTime: START,
    clock: { now: () => END },
    onRequest: () => undefined,
    onHead: () => undefined,
    onEnd: (answer) => void outcome.answers.push(answer),
    onUnread: (what) => void outcome.unread.push(what),
  });
  const listener: ExchangeListener = {
    wants: () => sink,
    open: (readers, asked) => new OpenExchange(readers, asked),
    onFault(error) {
      throw error;
    },
  };
  const sent = { method: 'POST', host: 'llm.example', port: 443, path: '/', header: () => undefined };
  const exchange = new OpenExchange([{ sink, listener }], sent);
  exchange.requestBody(request);
  exchange.requestEnd();
  exchange.responseHead({ status, header: (name) => headers[name] });
  for (const piece of pieces) exchange.responseChunk(piece);
  if (ending === 'cut') sink.cut('process_exit');
  // After a cut the connection ends too, some time: nothing is told twice.
  if (ending !== 'error') exchange.end();
  else exchange.error(Object.assign(new Error('terminated'), { code: 'ECONNRESET' }));
  return outcome;
}

function expectCall({ answers }: Outcome, status: number): LlmAnswer {
  expect(answers).toHaveLength(1);
  const answer = answers[0] as LlmAnswer;
  expect(answer.statusCode).toBe(status);
  expect(answer.endTime).toBeGreaterThanOrEqual(START);
  expect(answer.endTime).toBeLessThanOrEqual(END);
  expectSane(answer);
  return answer;
}

const kebab = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const bytesOf = (body: unknown): Buffer =>
  Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
/** No byte of it can begin JSON, an event or a message. */
const noise = (random: Random): Buffer => Buffer.from(Array.from({ length: 1 + random.below(3_000) }, () => 0x80 + random.below(0x40)));

/** Longer than what is decoded at once. */
const bombs = new Map(
  ['gzip', 'br', 'zstd'].map((encoding) => [encoding, (ENCODERS[encoding] as (body: Buffer) => Buffer)(Buffer.alloc(20 * MB))]),
);

let collect: () => void = () => undefined;
let heapBefore = 0;
const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
};

beforeAll(() => {
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as () => void;
  heapBefore = heap();
});

afterAll(async () => {
  // Thousands of bodies, and bombs of 20 MB each, have passed. Decoders in Node's threads let go of theirs a little later.
  for (let left = 2_000; left > 0 && heap() - heapBefore > GROWTH; left -= 1) await delay(20);
  expect(heap() - heapBefore).toBeLessThan(GROWTH);
});

describe.each(Object.entries(catalogue))('%s', (key, protocol) => {
  const { table } = jest.requireActual<{ table: ProtocolTable }>(join(import.meta.dirname, kebab(key), 'cases.ts'));
  const recorded = [table.plain, table.stream, table.errors.status, table.errors.body, table.errors.event].filter(
    (row): row is AnswerRow => !('doesNotApply' in row),
  );
  const request = bytesOf(table.request.request);

  test.each(Object.keys(ENCODERS))('recorded bytes in "%s", damaged before or after that, are a call each', (encoding) => {
    const encode = ENCODERS[encoding] as (body: Buffer) => Buffer;
    fuzz(6, (random) => {
      for (const { answer, status = 200 } of recorded) {
        const isInside = random.chance(0.5);
        const body = encode(isInside ? damage(bytesOf(answer), random) : bytesOf(answer));
        const pieces = cutUp(isInside ? body : damage(body, random), random);
        const manner = { label: random.pick(LABELS), ending: random.pick(ENDINGS), isContentCaptured: random.chance(0.3) };
        expectCall(pass({ protocol, request: damage(request, random), pieces, encoding, status, ...manner }), status);
      }
    });
  });

  test('bytes that are nothing at all are a call with its times and its status, and are counted', () => {
    fuzz(2, (random) => {
      for (const [encoding, encode] of Object.entries(ENCODERS)) {
        for (const isInside of [true, false]) {
          const garbage = noise(random);
          const pieces = cutUp(isInside ? encode(garbage) : garbage, random);
          const outcome = pass({
            protocol,
            request,
            pieces,
            encoding,
            label: 'application/json',
            status: 200,
            ending: 'end',
            isContentCaptured: false,
          });
          expectCall(outcome, 200);
          // A transcript may be any text.
          const isText = protocol.Answer.prototype.readText !== undefined && (isInside || encoding === '');
          expect(outcome.unread).toEqual(isText ? [] : [expect.stringMatching(/^unreadable-response/)]);
        }
      }
    });
  });

  test.each([...bombs])('a bomb in %s is given up and counted, and the call goes on', (encoding, bomb) => {
    const body = { pieces: [bomb], encoding, label: 'application/json', status: 200 };
    const outcome = pass({ protocol, request, ...body, ending: 'end', isContentCaptured: false });
    expectCall(outcome, 200);
    expect(outcome.unread).toEqual(['unreadable-response.too-large']);
  });
});
