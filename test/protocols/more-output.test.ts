// Events that bring nothing but more output are found in the bytes and never become text. Whether they are must change nothing:
// a stream that comes event by event, several at once or byte by byte tells the same facts and the same times.
import { describe, expect, test } from '@jest/globals';
import * as catalogue from '../../src/protocols/catalogue.ts';
import { ExchangeReader } from '../../src/protocols/exchange.ts';
import type { Operation, Protocol } from '../../src/protocols/protocol.ts';
import { MAX_EVENT_BYTES } from '../../src/protocols/read/bounded-text.ts';
import type { LlmAnswer } from '../../src/semconv/telemetry.ts';
import { fuzz, type Random } from '../promises/hard-use/fuzz/random.ts';

const TEXTS = [
  ' word',
  '',
  'two\nlines',
  'a "quote"',
  'back\\slash',
  'ends with \\',
  '"',
  'schön €',
  '🦊',
  '\u0000',
  'x'.repeat(300),
  'data: {}\n\n',
];
const ROUNDS = 40;

interface Stream {
  readonly protocol: Protocol;
  /** The event that brings `text`. */
  text(text: string, index: number): string;
  /** What comes among them, and holds facts. */
  readonly others: readonly string[];
  readonly last: readonly string[];
}

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: { readonly type: string }): string => `event: ${value.type}\n${data(value)}`;
const chunk = (delta: unknown, more = {}): string =>
  data({ id: 'c-1', model: 'm-1', choices: [{ index: 0, delta, logprobs: null, finish_reason: null }], usage: null, ...more });
const block = (delta: unknown): string => named({ type: 'content_block_delta', index: 0, delta } as { type: string });

const STREAMS: Readonly<Record<string, Stream>> = {
  'OpenAI chat': {
    protocol: catalogue.openaiChat,
    text: (content) => chunk({ content }),
    others: [
      ': ping\n\n',
      chunk({ role: 'assistant', content: '' }),
      chunk({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'look', arguments: '{}' } }] }),
      chunk({ content: 'a' }, { usage: { prompt_tokens: 7, completion_tokens: 9 } }),
    ],
    last: [
      chunk({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
      'data: [DONE]\n\n',
      chunk({ content: 'after the end' }),
    ],
  },
  'Anthropic messages': {
    protocol: catalogue.anthropicMessages,
    text: (text) => block({ type: 'text_delta', text }),
    others: [
      named({ type: 'ping' }),
      block({ type: 'thinking_delta', thinking: 'so' }),
      block({ type: 'input_json_delta', partial_json: '{"text":"a"}' }),
      named({ type: 'message_start', message: { id: 'msg_1', model: 'm-1', usage: { input_tokens: 5, output_tokens: 1 } } } as {
        type: string;
      }),
    ],
    last: [
      named({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 12 } } as { type: string }),
      named({ type: 'message_stop' }),
    ],
  },
  'OpenAI responses': {
    protocol: catalogue.openaiResponses,
    text: (delta, index) => named({ type: 'response.output_text.delta', sequence_number: index, delta } as { type: string }),
    others: [
      named({ type: 'response.in_progress' }),
      named({ type: 'response.reasoning_text.delta', delta: 'so' } as { type: string }),
      'event: response.output_text.delta\ndata: {\ndata: "delta": "in two lines"}\n\n',
      named({ type: 'response.created', response: { id: 'resp_1', model: 'm-1', status: 'in_progress' } } as { type: string }),
    ],
    last: [
      named({
        type: 'response.completed',
        response: { id: 'resp_1', model: 'm-1', status: 'completed', usage: { input_tokens: 3, output_tokens: 4 } },
      } as { type: string }),
    ],
  },
};

/** `pieces` with the time at which each comes. */
function read(
  protocol: Protocol,
  pieces: readonly (readonly [bytes: Buffer, at: number])[],
  isContentCaptured = false,
): [LlmAnswer, string[]] {
  let now = 1_000;
  let answer: LlmAnswer | undefined;
  const unread: string[] = [];
  const reader = new ExchangeReader({
    recognised: { protocol, operation: protocol.operations[0] as Operation, model: undefined },
    isUnsure: false,
    isContentCaptured,
    request: { header: () => undefined },
    startTime: 1_000,
    clock: { now: () => now },
    onRequest: () => undefined,
    onHead: () => undefined,
    onEnd: (told) => void (answer = told),
    onUnread: (what) => void unread.push(what),
  });
  reader.responseHead({ status: 200, header: (name) => (name === 'content-type' ? 'text/event-stream' : undefined) });
  for (const [bytes, at] of pieces) {
    now = at;
    reader.responseChunk(bytes);
  }
  reader.end(0);
  if (answer === undefined) throw new Error('the call has not ended');
  return [answer, unread];
}

function someStream({ text, others, last }: Stream, random: Random): Buffer[] {
  const events = Array.from({ length: 3 + random.below(30) }, (_, index) =>
    random.chance(0.15) ? random.pick(others) : text(random.chance(0.6) ? ' word' : random.pick(TEXTS), index),
  );
  return [...events, ...last].map((event) => Buffer.from(random.chance(0.02) ? event.replaceAll('\n', '\r\n') : event));
}

describe.each(Object.entries(STREAMS))('%s', (_, stream) => {
  const { protocol } = stream;

  test.each([false, true])('event by event a stream tells what it tells byte by byte (content captured: %p)', (isContentCaptured) =>
    fuzz(ROUNDS, (random) => {
      const events = someStream(stream, random);
      const whole = events.map((event, index) => [event, 2_000 + 10 * index] as const);
      const single = whole.flatMap(([event, at]) => Array.from(event, (_byte, index) => [event.subarray(index, index + 1), at] as const));
      expect(read(protocol, whole, isContentCaptured)).toEqual(read(protocol, single, isContentCaptured));
    }),
  );

  test('several events at once, cut anywhere, tell what they tell byte by byte', () =>
    fuzz(ROUNDS, (random) => {
      const bytes = Buffer.concat(someStream(stream, random));
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length;) {
        const end = at + 1 + random.below(random.chance(0.5) ? 40 : 2_000);
        pieces.push(bytes.subarray(at, end));
        at = end;
      }
      const at = (piece: Buffer): readonly [Buffer, number] => [piece, 2_000];
      const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
      expect(read(protocol, pieces.map(at))).toEqual(read(protocol, single.map(at)));
    }));

  test('most of it is found: the reader is given the first of a hundred alike', () => {
    const given: string[] = [];
    class Listening extends protocol.Answer {
      override readEvent(event: string): boolean {
        given.push(event);
        return super.readEvent?.(event) === true;
      }
    }
    const events = Array.from({ length: 100 }, (_each, index) => Buffer.from(stream.text(` word ${index}`, index)));
    const [answer] = read(
      { ...protocol, Answer: Listening },
      events.map((event, index) => [event, 2_000 + index] as const),
    );
    expect(answer.timePerChunk?.count).toBe(99);
    expect(given.length).toBeLessThanOrEqual(2);
  });

  test('an event that is longer than one may be is read, or skipped and counted, as if it came in pieces', () => {
    const events = ['a', 'b', 'c', 'x'.repeat(MAX_EVENT_BYTES), 'd'].map((text, index) => Buffer.from(stream.text(text, index)));
    const whole = events.map((event) => [event, 2_000] as const);
    const halves = events.flatMap((event) => [[event.subarray(0, 50), 2_000] as const, [event.subarray(50), 2_000] as const]);
    expect(read(protocol, whole)).toEqual(read(protocol, halves));
  });
});
