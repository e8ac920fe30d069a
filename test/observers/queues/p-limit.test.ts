/** p-limit 3 to 7 without a line of code: tasks of a limiter, their attempts, batches and gauges; a limiter that works as it does. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectFourByTwo, expectGauges, expectSameAsBare, seenOf, type QueueSeen } from './seen.ts';

const main = `
async function main(pLimit, all) {
  const limit = pLimit(2);
  const answers = await Promise.all([1, 2, 3, 4].map((n) => limit(async function implement(given) { await sleep(n === 4 ? 400 : 200); inside('inner'); return n + given; }, 10)));
  let tries = 0;
  const flaky = async () => { tries += 1; if (tries === 1) throw new RangeError('not yet'); return 'at last'; };
  say(answers, await limit(flaky).catch(nameOf), await limit(flaky), await limit(() => { throw new TypeError('sync'); }).catch(nameOf), await limit(() => 'plain'));
  say(await limit('no function').catch((error) => error.name), limit.name, limit.length, pLimit.name, pLimit.length, Object.getOwnPropertyNames(limit).sort());
  try { pLimit(0); } catch (error) { say(nameOf(error)); }
  const one = pLimit(1);
  const order = [];
  const first = one(async function kept() { await sleep(50); order.push('kept'); });
  void one(function cleared() { order.push('cleared'); });
  await sleep(1);
  const before = [one.activeCount, one.pendingCount];
  one.clearQueue();
  await first;
  say(order, before, [one.activeCount, one.pendingCount]);
  if (limit.map !== undefined) {
    say(await limit.map(new Set(['a', 'b', 'c']), async function review(value, index) { await sleep(5); return value + index; }));
    say(await limit.map([1], 'no function').catch((error) => error.name), await limit.map(null, () => 1).catch((error) => error.name));
  }
  if (all.limitFunction !== undefined) say(await all.limitFunction(async function limited(n) { return n; }, { concurrency: 1 })(7));
}
`;

const VERSIONS = [
  { folder: 'p-limit-3', system: 'CommonJS' },
  { folder: 'p-limit-3', system: 'ES module' },
  { folder: 'p-limit-4', system: 'ES module' },
  { folder: 'p-limit-5', system: 'ES module' },
  { folder: 'p-limit-6', system: 'ES module' },
  { folder: 'p-limit', system: 'ES module' },
  { folder: 'p-limit', system: 'CommonJS' },
] as const;

describe.each(VERSIONS)('$folder in $system', ({ folder, system }) => {
  let seen: QueueSeen;
  beforeAll(async () => {
    seen = await seenOf({ library: 'p-limit', folder, system, entry: 'index.js', main });
  });

  test('the app gets what it gets without us', () => {
    expect(seen.bare).toMatch(/^\[\[11,12,13,14\],"RangeError: not yet","at last","TypeError: sync","plain"\]/);
    expectSameAsBare(seen);
  });

  test('tasks have their name, have waited where the limit was reached, and hold what is recorded in them', () => {
    expectFourByTwo(seen, 'implement', 'p-limit');
  });

  test('an attempt that failed and the one that followed are told apart', () => {
    expect(seen.named('run_task flaky').map(({ attributes }) => attributes)).toMatchObject([
      { 'swarmscope.task.attempt.number': 1, 'swarmscope.task.result': 'error', 'error.type': 'RangeError' },
      { 'swarmscope.task.attempt.number': 2, 'swarmscope.task.result': 'success' },
    ]);
  });

  test('tasks that are awaited together are a batch that is marked inferred, and what was cleared is no task', () => {
    expect(seen.named('run_batch p-limit')[0]?.attributes).toMatchObject({ 'swarmscope.batch.size': 4, 'swarmscope.batch.inferred': true });
    expect([seen.named('run_task kept').length, seen.named('run_task cleared').length]).toEqual([1, 0]);
  });

  test('the items of a map are tasks of one declared batch, and a limited function is a task of its own limiter', () => {
    const hasMap = seen.bare.includes('"a0","b1","c2"');
    const items = seen.named('run_task review');
    expect(items).toHaveLength(hasMap ? 3 : 0);
    expect(hasMap).toBe(folder === 'p-limit');
    const batches = seen.named('run_batch p-limit').map(({ attributes }) => attributes['swarmscope.batch.id']);
    expect(items.map(({ attributes }) => batches.includes(attributes['swarmscope.batch.id']))).toEqual(items.map(() => true));
    // It hides the function in one of its own: the name is that of the function that called it.
    const limited = seen.named('run_task main').filter(({ attributes }) => attributes['swarmscope.pool.name'] === 'p-limit-3');
    expect(limited).toHaveLength(seen.bare.trim().endsWith('[7]') ? 1 : 0);
  });

  test('the gauges show the limit and the peaks', () => {
    expectGauges(seen, 'p-limit');
  });
});
