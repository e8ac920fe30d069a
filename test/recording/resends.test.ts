// An attempt that sends a failed request again: linked to what it repeats, and counted.
import { describe, expect, test } from '@jest/globals';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { likenessOf } from '../../src/protocols/facts/likeness.ts';
import type { Frame, LlmCallEnd, LlmCallStart } from '../../src/recording/types.ts';
import { startRecording } from './recorder.ts';

const REFUSED: LlmCallEnd = { statusCode: 429, errorType: 'rate_limit_error' };
const FINE: LlmCallEnd = { statusCode: 200 };

/** Calls made one after the other, each a second after the last has ended. */
function recordCalls() {
  const recording = startRecording();
  const { recorder, advance, spans } = recording;
  const call = (
    name: string,
    end: LlmCallEnd,
    more: Omit<Partial<LlmCallStart>, 'likeness'> & { likeness?: number; waitMs?: number } = {},
  ): void => {
    const { likeness = 1, waitMs = 1_000, ...start } = more;
    advance(waitMs);
    const made = recorder.startLlmCall({ operation: 'chat', provider: 'openai', ...start });
    made.learn({ requestModel: name, likeness: () => likeness });
    made.end(end);
  };
  const named = (name: string): ReadableSpan => recording.span(`chat ${name}`);
  return {
    recorder,
    advance,
    spans,
    call,
    /** What a call repeats, and its count. */
    repeated(name: string): [string | undefined, unknown] {
      const { links, attributes } = named(name);
      const before = spans().find((span) => span.spanContext().spanId === links[0]?.context.spanId);
      return [before?.name.replace('chat ', ''), attributes['http.request.resend_count']];
    },
  };
}

describe('an attempt', () => {
  test('repeats the failed one with the same request, and no other', () => {
    const { call, repeated } = recordCalls();
    call('one', REFUSED);
    call('other', FINE, { likeness: 2 });
    call('two', { errorType: 'ECONNRESET' });
    call('three', FINE);
    call('four', FINE);
    expect([repeated('one'), repeated('other'), repeated('two'), repeated('three'), repeated('four')]).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      ['one', 1],
      ['two', 2],
      [undefined, undefined],
    ]);
  });

  test('that the SDK has counted keeps a count that is higher', () => {
    const { call, repeated } = recordCalls();
    call('one', REFUSED, { resendCount: 0 });
    call('two', REFUSED, { resendCount: 1 });
    call('three', FINE, { resendCount: 0 });
    expect([repeated('two'), repeated('three')]).toEqual([
      ['one', 1],
      ['two', 2],
    ]);
  });

  test('repeats nothing that came after it began, or too long before', () => {
    const { call, repeated, recorder } = recordCalls();
    const hedged = recorder.startLlmCall({ operation: 'chat', provider: 'openai' });
    call('first', REFUSED);
    hedged.learn({ requestModel: 'hedged', likeness: () => 1 });
    hedged.end(FINE);
    call('in time', REFUSED, { waitMs: 600_000 });
    call('late', REFUSED, { waitMs: 600_001 });
    call('asked', REFUSED, { waitMs: 600_000 });
    call('told to wait', { ...REFUSED, attributes: { 'swarmscope.retry.after': 30 } }, { likeness: 3 });
    call('waited', FINE, { likeness: 3, waitMs: 630_000 });
    expect(['hedged', 'in time', 'late', 'asked', 'waited'].map((name) => repeated(name)[0])).toEqual([
      undefined,
      'first',
      undefined,
      'late',
      'told to wait',
    ]);
  });

  test('of another task repeats what a task that is over has left, and takes nothing from one that runs', () => {
    const { call, repeated, recorder } = recordCalls();
    const [one, two] = ['one', 'two'].map((id) => recorder.startTask({ id }, 'work'));
    const [inOne, inTwo] = [one?.frame, two?.frame] as [Frame, Frame];
    call('first', REFUSED, { frame: inOne });
    call('same words', FINE, { frame: inTwo });
    call('second', REFUSED, { frame: inOne });
    one?.end({ errorType: 'Error' });
    call('again', FINE, { frame: recorder.startTask({ id: 'three' }, 'work').frame });
    expect(['same words', 'second', 'again'].map((name) => repeated(name)[0])).toEqual([undefined, 'first', 'second']);
  });
});

test('the memory for failed attempts is bounded', () => {
  const { call, repeated } = recordCalls();
  for (let likeness = 0; likeness <= 512; likeness += 1) call(`c${likeness}`, REFUSED, { likeness, waitMs: 0 });
  call('oldest', FINE, { likeness: 0 });
  call('next', FINE, { likeness: 1 });
  expect([repeated('oldest')[0], repeated('next')[0]]).toEqual([undefined, 'c1']);
});

describe('a request', () => {
  const body = (model: string, text: string): string => JSON.stringify({ model, messages: [{ role: 'user', content: text }], n: 1 });

  test('is like itself with another model, and like no other', () => {
    expect(likenessOf(body('a', 'hello'))).toBe(likenessOf(body('a-longer-one', 'hello')));
    const different = ['hello', 'hallo', 'hello ', 'olleh', ''].map((text) => likenessOf(body('a', text)));
    expect(new Set(different).size).toBe(different.length);
    expect(different.every((number) => Number.isSafeInteger(number) && number >= 0)).toBe(true);
  });

  test('of 12 KB is like no other that differs in one character, wherever it stands', () => {
    const text = 'x'.repeat(11_900);
    const place = (at: number): number => likenessOf(body('a', `${text.slice(0, at)}y${text.slice(at + 1)}`));
    const places = Array.from({ length: 120 }, (_, index) => index * 99);
    expect(new Set([likenessOf(body('a', text)), ...places.map(place)]).size).toBe(121);
  });

  test('that is long is told by its length, its end and samples', () => {
    const long = 'x'.repeat(1_000_000);
    const likeness = (text: string): number => likenessOf(body('a', text));
    expect(likeness(long)).toBe(likeness(long));
    for (const text of [`${long}x`, `${long.slice(0, -100)}y${long.slice(-99)}`, 'y'.repeat(long.length)])
      expect(likeness(text)).not.toBe(likeness(long));
  });
});
