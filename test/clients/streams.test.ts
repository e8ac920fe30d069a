/** The stream of every protocol in every content encoding, flushed piece by piece, however the network cuts it. */
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { OpenExchange } from '../../src/hooks/http/open-exchange.ts';
import * as catalogue from '../../src/protocols/catalogue.ts';
import { ExchangeReader } from '../../src/protocols/exchange.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import type { LlmAnswer } from '../../src/semconv/telemetry.ts';
import { cutUp } from '../promises/hard-use/fuzz/mutate.ts';
import { Random, seed } from '../promises/hard-use/fuzz/random.ts';
import { readCall, recognisedOf, type Call } from '../protocols/call.ts';
import { singleBytes, type ProtocolTable } from '../protocols/protocol.cases.ts';
import { encode, ENCODINGS, headerOf } from './coded.ts';

interface Heard {
  readonly answer: LlmAnswer;
  readonly unread: readonly string[];
}

/** Through the exchange of a hook. Of a slow stream the pieces are decoded as they come, of others at their end. */
function hear(
  protocol: Protocol,
  call: Call,
  { chunks, encoding, isSlow }: { chunks: readonly Uint8Array[]; encoding: string; isSlow: boolean },
): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const unread: string[] = [];
    const headers: Readonly<Record<string, string | undefined>> = {
      'content-type': 'text/event-stream',
      'content-encoding': headerOf(encoding),
      ...call.headers,
    };
    const request = { method: 'POST', host: 'llm.example', port: 443, path: '/', header: () => undefined };
    const reader = new ExchangeReader({
      recognised: recognisedOf(protocol, call.path),
      isUnsure: false,
      isContentCaptured: false,
      request,
      startTime: 1_000,
      clock: { now: () => 3_000 },
      onRequest: () => undefined,
      onHead: () => undefined,
      onEnd: (answer) => resolve({ answer, unread }),
      onUnread: (what) => void unread.push(what),
    });
    const open = (): never => {
      throw new Error('it is open');
    };
    const exchange = new OpenExchange([{ sink: reader, listener: { wants: () => reader, open, onFault: reject } }], request);
    exchange.requestEnd();
    exchange.responseHead({ status: 200, header: (name) => headers[name] });
    const send = async (): Promise<void> => {
      for (const chunk of chunks) {
        exchange.responseChunk(chunk);
        if (isSlow) for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      }
      exchange.end();
    };
    send().catch(reject);
  });
}

/** Of our clock in these tests, all times are one. */
function factsOf({ endTime, ...answer }: LlmAnswer): Omit<LlmAnswer, 'endTime'> {
  expect(endTime).toBeLessThanOrEqual(3_000);
  return answer;
}

const kebab = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const streams = Object.entries(catalogue).flatMap(([key, protocol]) => {
  const { table } = jest.requireActual<{ table: ProtocolTable }>(join(import.meta.dirname, '../protocols', kebab(key), 'cases.ts'));
  return 'doesNotApply' in table.stream ? [] : [[kebab(key), protocol, table.stream] as const];
});

describe.each(streams)('the stream of %s', (_name, protocol, call) => {
  const events = String(call.answer)
    .split(/(?<=\n\n)/)
    .map((event) => Buffer.from(event));
  const { answer: whole } = readCall(protocol, call);

  test.each(ENCODINGS)('in %s says what it says without, whole, in its pieces, in single bytes and in any others', async (encoding) => {
    const coded = await encode(events, encoding);
    const bytes = Buffer.concat(coded);
    const cuts = [[bytes], coded, singleBytes(bytes), ...[1, 2, 3].map((round) => cutUp(bytes, new Random(seed + round)))];
    for (const chunks of cuts) {
      const { answer, unread } = await hear(protocol, call, { chunks, encoding, isSlow: chunks === coded });
      expect(unread).toEqual([]);
      expect(answer.timeToFirstChunk).toBe(2);
      expect({ ...whole, ...factsOf(answer) }).toEqual(whole);
    }
  });
});
