/** What waits is bounded, what is dropped is counted, and retries lose nothing. */
import { describe, expect, test } from '@jest/globals';
import { ExportQueue, type Budget } from '../../src/sdk/export-queue.ts';
import { newTally } from '../../src/sdk/tally.ts';
import type { Answer, Target, Transport } from '../../src/otlp/post/index.ts';

const TAKEN: Answer = { kind: 'taken', rejected: 0, text: 'HTTP 200' };
const scope = { name: 'scope' };

/** A transport that answers from a list; the wire itself is tested in transport.test.ts. */
function scripted(answers: Answer[]): Transport & { bodies: Buffer[]; mostAtOnce: number } {
  let atOnce = 0;
  return {
    bodies: [],
    mostAtOnce: 0,
    target: { encoding: 'protobuf', isOff: false } as Target,
    async send(body) {
      this.bodies.push(body);
      this.mostAtOnce = Math.max(this.mostAtOnce, ++atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce--;
      return answers.shift() ?? TAKEN;
    },
    answerSync: () => undefined,
    close: () => undefined,
    abort: () => undefined,
  };
}

function create(answers: Answer[] = [], maxBytes = 1e9, keep?: (payload: { items: number }) => boolean) {
  const transport = scripted(answers);
  const tally = newTally();
  const budget: Budget = { maxBytes, usedBytes: 0 };
  const queue: ExportQueue = new ExportQueue({
    signal: 'traces',
    transport,
    budget,
    tally,
    resource: () => ({}),
    flushDelayMs: 5,
    onChange: () => undefined,
    keep,
    onFull: () => queue.spill(),
  });
  const add = (text: string): boolean => queue.add(scope, (writer) => writer.string(2, text));
  return { transport, tally, budget, queue, add };
}

describe('the queue', () => {
  test('takes items up to its bound in bytes and counts the first one beyond', async () => {
    const { queue, tally, add, budget } = create([], 1_000);
    for (let index = 0; index < 10; index++) add('x'.repeat(97));
    expect(tally.dropped).toEqual({});
    expect(budget.usedBytes).toBe(1_000);
    add('one too many');
    expect(tally).toMatchObject({ recorded: 11, dropped: { queue_full: 1 } });
    await queue.flush(1_000);
    expect(tally.sent).toBe(10);
    expect(budget.usedBytes).toBe(0);
  });

  test('puts what waits on disk when it is full, and sends the rest', async () => {
    const kept: number[] = [];
    const { queue, tally, add, budget } = create([], 1_000, ({ items }) => kept.push(items) > 0);
    for (let index = 0; index < 25; index++) add('x'.repeat(97));
    expect({ kept, used: budget.usedBytes }).toEqual({ kept: [10, 10], used: 500 });
    await queue.flush(1_000);
    expect(tally).toEqual({ ...tally, recorded: 25, sent: 5, spooled: 20, dropped: {} });
    expect({ used: budget.usedBytes, isEmpty: queue.isEmpty }).toEqual({ used: 0, isEmpty: true });
  });

  test('leaves the request on the wire alone when it is full, so that nothing goes out twice', async () => {
    const kept: number[] = [];
    const { queue, transport, tally, add } = create([], 1_000, ({ items }) => kept.push(items) > 0);
    for (let index = 0; index < 10; index++) add('x'.repeat(97));
    const flushed = queue.flush(1_000);
    for (let index = 0; index < 13; index++) add('y'.repeat(97));
    await flushed;
    await queue.flush(1_000);
    expect({ kept, sent: transport.bodies.map((body) => body.includes('x')) }).toEqual({ kept: [10], sent: [true, false] });
    expect(tally).toEqual({ ...tally, recorded: 23, sent: 13, spooled: 10, dropped: {} });
  });

  test('asks a disk that takes nothing once a second, loses what is too many, and sends all that waits', async () => {
    let asked = 0;
    const { queue, tally, add } = create([], 1_000, () => ++asked < 0);
    for (let index = 0; index < 500; index++) add('x'.repeat(97));
    expect(asked).toBe(1);
    await queue.flush(1_000);
    expect(tally).toEqual({ ...tally, recorded: 500, sent: 10, dropped: { queue_full: 490 } });
    expect(queue.isEmpty).toBe(true);
  });

  test('sends large amounts in requests that a collector accepts, one at a time', async () => {
    const { queue, tally, transport, add } = create();
    for (let index = 0; index < 3_000; index++) add('x'.repeat(4_000));
    await queue.flush(5_000);
    expect(tally).toMatchObject({ recorded: 3_000, sent: 3_000, dropped: {} });
    expect(transport.mostAtOnce).toBe(1);
    expect(Math.max(...transport.bodies.map((body) => body.length))).toBeLessThan(4_000_000);
  });

  test('keeps what was refused and sends the same bytes again when the receiver said so', async () => {
    const { queue, tally, transport, add } = create([{ kind: 'retry', reason: 'http_503', retryAfterMs: 1 }]);
    add('a');
    await queue.flush(1_000);
    expect(transport.bodies).toHaveLength(2);
    expect(transport.bodies[1]).toEqual(transport.bodies[0]);
    expect(tally).toMatchObject({ sent: 1, dropped: {}, lastAnswer: { isGood: true } });
  });

  test('does not wait for a receiver that asks for more time than there is', async () => {
    const { queue, tally, add } = create([{ kind: 'retry', reason: 'http_429', retryAfterMs: 60_000 }]);
    add('a');
    await queue.flush(20_000);
    expect(tally).toMatchObject({ sent: 0, lastAnswer: { text: 'http_429', isGood: false } });
    expect(queue.isEmpty).toBe(false);
  });

  test('counts what a receiver rejected, and what it lost by a bad answer', async () => {
    const { queue, tally, add } = create([
      { kind: 'taken', rejected: 2, text: 'bad' },
      { kind: 'lost', reason: 'http_400' },
    ]);
    for (const text of ['a', 'b', 'c']) add(text);
    await queue.flush(1_000);
    add('d');
    await queue.flush(1_000);
    expect(tally).toMatchObject({ recorded: 4, sent: 1, dropped: { rejected: 2, http_400: 1 } });
  });

  test('survives an item whose attributes throw', async () => {
    const { queue, tally, transport, add } = create();
    queue.add(scope, (writer) => {
      writer.string(2, 'half an item');
      throw new Error('a getter of the app');
    });
    add('whole');
    await queue.flush(1_000);
    expect(tally).toMatchObject({ recorded: 2, sent: 1, dropped: { encoding: 1 } });
    expect(transport.bodies[0]?.includes('half')).toBe(false);
  });

  test('sends by itself a moment after the first item', async () => {
    const { transport, add } = create();
    const sent = new Promise<void>((resolve) => {
      const send = transport.send.bind(transport);
      transport.send = (body) => {
        resolve();
        return send(body);
      };
    });
    add('a');
    await sent;
  });

  test('tells of each item what became of it, in whichever request it was', async () => {
    const { queue, add } = create();
    const told: string[] = [];
    const fateOf = (name: string) => ({ taken: () => told.push(`${name} taken`), gone: () => told.push(`${name} gone`) });
    add('first');
    queue.watch(fateOf('first'));
    add('x'.repeat(3 * 1024 * 1024));
    queue.watch(fateOf('large'));
    const first = queue.drain()[0];
    expect(told).toEqual([]);
    if (first !== undefined) queue.settle(first, { kind: 'taken', rejected: 0, text: '200' });
    expect(told).toEqual(['first taken', 'large taken']);
    add('of a first request '.padEnd(3 * 1024 * 1024, 'x'));
    queue.watch(fateOf('sent'));
    const flushed = queue.flush(10_000);
    add('of a second');
    queue.watch(fateOf('replaced'));
    queue.supersede();
    await flushed;
    expect(told.slice(2).sort()).toEqual(['replaced gone', 'sent taken']);
  });

  test('forgets cumulative values that newer ones replace', async () => {
    const { queue, tally, transport, add, budget } = create();
    add('old');
    queue.supersede();
    expect(budget.usedBytes).toBe(0);
    add('new');
    await queue.flush(1_000);
    expect(tally).toMatchObject({ recorded: 1, sent: 1 });
    expect(transport.bodies[0]?.includes('old')).toBe(false);
  });
});
