/** What crosses between the processes of a run, and what must not. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listen, type ChannelServer } from '../../src/root/channel-server.ts';
import { adoptFinals, FinalsReader, writeFinalSync } from '../../src/root/finals.ts';
import { lineReader, MAX_LINE_BYTES } from '../../src/root/lines.ts';
import { remainder } from '../../src/root/remainder.ts';
import { readSnapshot } from '../../src/root/snapshot.ts';
import { histogram, numbers, snapshot, valuesOf } from './snapshots.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swc-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a snapshot from outside', () => {
  const whole = snapshot('one', 1, numbers('counter', 'tokens', { a: 1 }), histogram('seconds', [1, 2], [1, 0, 1], 3));

  test('is the same after the crossing', () => {
    expect(readSnapshot(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  });

  test.each([
    null,
    1,
    'x',
    [],
    {},
    { ...whole, sequence: -1 },
    { ...whole, processKey: '' },
    { ...whole, processKey: 'x'.repeat(256) },
    { ...whole, metrics: {} },
  ])('%j is none', (value) => {
    expect(readSnapshot(value)).toBeUndefined();
  });

  test('loses bad points and metrics, not the good ones', () => {
    const bad = [null, { name: 'x', kind: 'other', points: [] }, { name: 'y', kind: 'counter' }];
    const points = [{ attributes: { a: {}, b: 'x' }, value: 2 }, { value: -1 }, { value: null }, { value: 'x' }, null];
    const read = readSnapshot({ ...whole, metrics: [...bad, { name: 'z', kind: 'counter', points }] });
    expect(read?.metrics).toEqual([
      { name: 'z', kind: 'counter', unit: '', description: '', isInt: false, points: [{ attributes: { b: 'x' }, value: 2 }] },
    ]);
  });

  test.each([
    ['too few counts', [1, 2], [1, 1]],
    ['bounds that fall', [2, 1], [1, 1, 1]],
    ['a negative count', [1, 2], [1, -1, 1]],
  ])('a histogram with %s is left out', (_, bounds, counts) => {
    expect(readSnapshot({ ...whole, metrics: [histogram('seconds', bounds, counts, 3)] })?.metrics[0]?.points).toEqual([]);
  });
});

describe('lines', () => {
  const read = (chunks: Buffer[]): { messages: unknown[]; bad: number } => {
    const messages: unknown[] = [];
    let bad = 0;
    const take = lineReader(
      (message) => messages.push(message),
      () => bad++,
    );
    chunks.forEach(take);
    return { messages, bad };
  };

  test('are whole wherever they are cut, inside a character too', () => {
    const bytes = Buffer.from('{"a":"ä€"}\n\n[1]\n');
    for (let at = 0; at <= bytes.length; at++)
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual({ messages: [{ a: 'ä€' }, [1]], bad: 0 });
  });

  test('nothing is read after one that is no JSON', () => {
    expect(read([Buffer.from('1\nno\n2\n'), Buffer.from('3\n')])).toEqual({ messages: [1], bad: 1 });
  });

  test('brackets 32 deep are parsed, deeper ones and millions of tiny values are not', () => {
    const nested = (depth: number): Buffer => Buffer.from(`${'['.repeat(depth)}"]}\\""${']'.repeat(depth)}\n`);
    expect(read([nested(32)])).toMatchObject({ bad: 0, messages: { length: 1 } });
    expect(read([nested(33)])).toEqual({ messages: [], bad: 1 });
    expect(read([Buffer.from(`[${'[],'.repeat(1_000_000)}[]]\n`)])).toEqual({ messages: [], bad: 1 });
  });

  test('unfinished ones hold no more than all connections may together, and free it when they end', () => {
    const budget = { heldBytes: 0, maxBytes: 1_000 };
    let bad = 0;
    const open = (): ReturnType<typeof lineReader> =>
      lineReader(
        () => undefined,
        () => bad++,
        budget,
      );
    const [first, second, third] = [open(), open(), open()];
    first(Buffer.alloc(600, 'x'));
    second(Buffer.alloc(400, 'x'));
    expect([bad, budget.heldBytes]).toEqual([0, 1_000]);
    third(Buffer.from('x'));
    expect([bad, budget.heldBytes]).toEqual([1, 1_000]);
    first.close();
    second(Buffer.from('\n'));
    expect([bad, budget.heldBytes]).toEqual([2, 0]);
  });

  test('the longest line is taken, one byte more is not', () => {
    const longest = Buffer.from(`"${'x'.repeat(MAX_LINE_BYTES - 2)}"\n`);
    expect(read([longest]).bad).toBe(0);
    expect(read([Buffer.from(`"${'x'.repeat(MAX_LINE_BYTES - 1)}"\n`)])).toEqual({ messages: [], bad: 1 });
  });
});

describe('the channel', () => {
  let server: ChannelServer | undefined;
  afterEach(() => server?.close());

  test('drops a caller that sends nonsense, and keeps serving', async () => {
    const counted: string[] = [];
    const address = join(folder, 'channel.sock');
    let taken = (_: string): void => undefined;
    const arrived = new Promise<string>((done) => (taken = done));
    server = listen({
      address,
      onSnapshot: ({ processKey }) => taken(processKey),
      onGone: () => undefined,
      count: (name) => counted.push(name),
    });
    const bad = createConnection(address);
    bad.write('GET / HTTP/1.1\n');
    await once(bad, 'close');
    const good = createConnection(address);
    good.write(`${JSON.stringify({ snapshot: snapshot('good', 1) })}\n`);
    expect(await arrived).toBe('good');
    server.mark()();
    const [answer] = (await once(good, 'data')) as [Buffer];
    expect(JSON.parse(answer.toString())).toEqual({ collected: 1 });
    expect(counted).toEqual(['run-channel.bad-line']);
    good.destroy();
  });
});

describe('finals', () => {
  test('the last one of a process is taken once', () => {
    const [first, second] = [snapshot('one/../x', 1), snapshot('one/../x', 2)];
    expect(writeFinalSync(folder, first)).toBe(true);
    expect(writeFinalSync(folder, second)).toBe(true);
    expect(readdirSync(folder)).toHaveLength(1);
    const reader = new FinalsReader(() => undefined);
    expect(reader.take(folder)).toEqual([second]);
    expect(reader.take(folder)).toEqual([]);
  });

  test('stay until they are exported, and a newer one of the same process longer', () => {
    const reader = new FinalsReader(() => undefined);
    writeFinalSync(folder, snapshot('one', 1));
    writeFinalSync(folder, snapshot('two', 1));
    reader.take(folder);
    const onExported = reader.mark();
    writeFinalSync(folder, snapshot('one', 2));
    reader.take(folder);
    expect(readdirSync(folder)).toHaveLength(2);
    onExported();
    expect(readdirSync(folder)).toEqual(['one.read']);
    reader.mark()();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of a dead root go to one successor, read or unread, without what had been exported', () => {
    const finals = join(folder, 'finals');
    mkdirSync(finals);
    writeFinalSync(finals, snapshot('one', 1, numbers('counter', 'tokens', { a: 5 })));
    new FinalsReader(() => undefined).take(finals);
    const exported = snapshot('two', 1, numbers('counter', 'tokens', { a: 2 }));
    writeFinalSync(finals, snapshot('two', 2, numbers('counter', 'tokens', { a: 9 })), exported);
    const adopted = adoptFinals(folder);
    expect(adopted.map(({ processKey, metrics }) => [processKey, valuesOf(metrics, 'tokens')]).sort()).toEqual([
      ['one', { a: 5 }],
      ['two', { a: 7 }],
    ]);
    expect(adoptFinals(folder)).toEqual([]);
  });

  test('nonsense is removed and counted, a file half written is left alone', () => {
    writeFileSync(join(folder, 'a.json'), '{');
    mkdirSync(join(folder, 'c.json'));
    writeFileSync(join(folder, 'b.json.1.part'), '{');
    let bad = 0;
    expect(new FinalsReader(() => bad++).take(folder)).toEqual([]);
    expect(bad).toBe(2);
    // A folder is no final; it is put aside, so that it is counted once.
    expect(readdirSync(folder).sort()).toEqual(['b.json.1.part', 'c.read']);
  });

  test('a word that replaces another is read too, also when the other was read before', () => {
    const reader = new FinalsReader(() => undefined);
    for (const sequence of [1, 2]) {
      writeFinalSync(folder, snapshot('one', sequence));
      expect(reader.take(folder).map((taken) => taken.sequence)).toEqual([sequence]);
    }
    reader.mark()();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('without the folder the caller is told', () => {
    expect(writeFinalSync(join(folder, 'gone'), snapshot('one', 1))).toBe(false);
  });
});

test('what a dead root had exported is taken off counters and histograms, not off what is momentary', () => {
  const exported = snapshot(
    'one',
    1,
    numbers('counter', 'tokens', { a: 5 }),
    numbers('updowncounter', 'alive', { a: 1 }),
    histogram('seconds', [1], [1, 1], 4),
  );
  const now = snapshot(
    'one',
    2,
    numbers('counter', 'tokens', { a: 7, b: 2 }),
    numbers('updowncounter', 'alive', { a: 3 }),
    histogram('seconds', [1], [1, 3], 9),
  );
  const rest = remainder(now, exported);
  expect(valuesOf(rest.metrics, 'tokens')).toEqual({ a: 2, b: 2 });
  expect(valuesOf(rest.metrics, 'alive')).toEqual({ a: 3 });
  expect(rest.metrics[2]?.points[0]).toEqual({ attributes: {}, bounds: [1], count: 2, sum: 5, counts: [0, 2] });
  expect(rest.startTime).toBe(exported.time);
});
