/** The queues of async 2 and 3 without a line of code: values are tasks, and the queue works as it does. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectFourByTwo, expectGauges, expectSameAsBare, seenOf, type QueueSeen } from './seen.ts';

const main = `
async function main(async, all) {
  const queue = all.queue(async function implement(n) { await sleep(n === 4 ? 400 : 200); inside('inner'); return n + 10; }, 2);
  const results = [];
  await new Promise((resolve) => {
    let left = 4;
    const done = (error, result) => { results.push(result); if ((left -= 1) === 0) resolve(); };
    void queue.push([1, 2], done); queue.push(3, done); queue.push(4, done);
    say(queue.length(), queue.running());
  });
  say(results.sort(), all.queue === async.queue, async.queue.name, async.queue.length, Object.keys(queue).sort());
  const value = { id: 7 };
  let tries = 0;
  const once = async.queue(function review(given, done) {
    tries += 1;
    setTimeout(() => done(tries === 1 ? new RangeError('not yet') : null, given.id), 5);
  }, 1);
  const push = () => new Promise((resolve) => once.push(value, (error, result) => { inside('after'); say(nameOf(error), result); resolve(); }));
  await push(); await push();
  const order = [];
  let over;
  const all3 = new Promise((resolve) => { over = resolve; });
  const ranked = async.priorityQueue(function ranked(name, done) { order.push(name); setTimeout(() => { done(); if (order.length === 3) over(); }, 5); }, 1);
  ranked.push('late', 5); ranked.push('early', 1); ranked.push(['removed', 'middle'], 3);
  ranked.remove(({ data }) => data === 'removed');
  await all3;
  say(order);
  try { once.push(1, 'no function'); } catch (error) { say(nameOf(error)); }
  try { async.queue(() => {}, 0); } catch (error) { say(nameOf(error)); }
  once.pause(); once.push({ id: 8 }, () => {}); once.kill();
  say(once.length(), once.idle());
}
`;

const VERSIONS = [
  { folder: 'async-2', system: 'CommonJS' },
  { folder: 'async', system: 'CommonJS' },
  { folder: 'async', system: 'ES module' },
] as const;

describe.each(VERSIONS)('$folder in $system', ({ folder, system }) => {
  let seen: QueueSeen;
  beforeAll(async () => {
    seen = await seenOf({ library: 'async', folder, system, entry: 'dist/async.js', main });
  });

  test('the app gets what it gets without us', () => {
    expect(seen.bare).toMatch(/^\[4,0\]\n\[\[11,12,13,14\],true,/);
    expectSameAsBare(seen);
  });

  test('values are tasks, have waited where the limit was reached, and hold what is recorded in them', () => {
    expectFourByTwo(seen, 'implement', 'async');
    expectGauges(seen, 'async', 2, 4);
  });

  test('attempts are told apart, and what a callback does is not inside of the task', () => {
    expect(seen.named('run_task review').map(({ attributes }) => attributes)).toMatchObject([
      { 'swarmscope.task.result': 'error', 'error.type': 'RangeError', 'swarmscope.task.attempt.number': 1 },
      { 'swarmscope.task.result': 'success', 'swarmscope.task.attempt.number': 2 },
    ]);
    expect(seen.named('run_task after').map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, undefined]);
  });

  test('priorities are told, and what was removed or killed is no task', () => {
    expect(seen.numbers('run_task ranked', 'swarmscope.task.priority')).toEqual([1, 3, 5]);
    expect(seen.named('run_batch async')[0]?.attributes).toMatchObject({ 'swarmscope.batch.size': 4, 'swarmscope.batch.inferred': true });
  });
});
