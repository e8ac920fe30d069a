/** Calls with a limit: functions of async and p-all. Items are tasks, calls are batches, and what is returned is what it was. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectFourByTwo, expectSameAsBare, seenOf, type QueueSeen } from './seen.ts';

const async = `
async function main(async, all) {
  const promised = (fn, ...args) => new Promise((resolve) => fn(...args, (error, result) => { inside('after'); resolve(error ? nameOf(error) : result); }));
  const implement = function implement(n, done) { setTimeout(() => { done(null, n + 10); }, n === 4 ? 400 : 200); inside('inner'); };
  say(await promised(async.mapLimit, [1, 2, 3, 4], 2, implement), async.mapLimit.name, async.mapLimit.length, async.forEach === async.each);
  const seen = [];
  say(await promised(async.eachOfLimit, { a: 1, b: 2 }, 1, async function review(value, key) { await sleep(5); seen.push(key + value); }), seen);
  say(await promised(async.parallelLimit, [1, 2, 3].map((n) => function build(done) { setTimeout(() => done(n === 2 ? new RangeError('second') : null, n), 5); }), 1));
  say(await promised(async.mapSeries, [1, 2], async function step(n) { return n * 2; }));
  say(await promised(async.parallel, { one: async () => 1, two: (done) => done(null, 2) }));
  try { const answer = async.mapLimit([1], 0, implement, () => {}); await answer; } catch (error) { say(nameOf(error)); }
}
`;

const pAll = `
async function main(pAll) {
  const started = [];
  const implement = (n) => async function implement() { await sleep(n === 4 ? 400 : 200); inside('inner'); return n + 10; };
  say(await pAll([1, 2, 3, 4].map(implement), { concurrency: 2 }), pAll.name, pAll.length);
  const failing = (n) => async function build() { started.push(n); await sleep(1); if (n === 2) throw new RangeError('second'); return n; };
  say(await pAll([1, 2, 3].map(failing), { concurrency: 1 }).catch(nameOf), started);
  say(await pAll([1, 2, 3].map(failing), { concurrency: 3, stopOnError: false }).catch((error) => error.errors.map(nameOf)));
  say(await pAll(new Set([() => 'a'])), await pAll(['no function']).catch((error) => error.name));
}
`;

const CASES = [
  { library: 'async', folder: 'async-2', system: 'CommonJS', entry: 'dist/async.js', main: async, end: /"RangeError: second"/ },
  { library: 'async', folder: 'async', system: 'ES module', entry: 'dist/async.js', main: async, end: /"RangeError: second"/ },
  { library: 'p-all', folder: 'p-all-4', system: 'ES module', entry: 'index.js', main: pAll, end: /"RangeError: second",\[1,2\]/ },
  { library: 'p-all', folder: 'p-all', system: 'ES module', entry: 'index.js', main: pAll, end: /"RangeError: second",\[1,2\]/ },
] as const;

describe.each(CASES)('$folder in $system', ({ end, ...program }) => {
  let seen: QueueSeen;
  beforeAll(async () => {
    seen = await seenOf(program);
  });

  test('the app gets what it gets without us', () => {
    expect(seen.bare).toMatch(/^\[\[11,12,13,14\],/);
    expect(seen.bare).toMatch(end);
    expectSameAsBare(seen);
  });

  test('items are tasks, have waited where the limit was reached, and hold what is recorded in them', () => {
    expectFourByTwo(seen, 'implement', program.library);
    expect(seen.named('run_task after').map(({ parentSpanId }) => parentSpanId)).toEqual(seen.named('run_task after').map(() => undefined));
  });

  test('a call is a declared batch, and items whose turn never came are no tasks', () => {
    const [batch] = seen.named(`run_batch ${program.library}`);
    expect(batch?.attributes).toMatchObject({ 'swarmscope.batch.size': 4, 'swarmscope.batch.straggler.delay': expect.any(Number) });
    expect(batch?.attributes).not.toHaveProperty('swarmscope.batch.inferred');
    const results = seen.named('run_task build').map(({ attributes }) => attributes['swarmscope.task.result']);
    expect(results.slice(0, 2)).toEqual(['success', 'error']);
    expect(seen.named('run_task build')).toHaveLength(program.library === 'async' ? 2 : 5);
  });

  test('the gauges show the limit and the peaks, and nothing that waits in the end', () => {
    expect(Math.max(...seen.values('swarmscope.worker.peak_count'))).toBeGreaterThanOrEqual(2);
    expect(Math.max(...seen.values('swarmscope.queue.peak_size'))).toBeGreaterThanOrEqual(2);
    expect(seen.values('swarmscope.queue.size').at(-1)).toBe(0);
  });
});
