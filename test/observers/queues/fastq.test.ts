/** fastq without a line of code: values are tasks, with callbacks and with promises, and the queue works as it does. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectFourByTwo, expectGauges, expectSameAsBare, seenOf, type QueueSeen } from './seen.ts';

const main = `
async function main(fastq) {
  const queue = fastq.promise(async function implement(n) { await sleep(n === 4 ? 400 : 200); inside('inner'); return n + 10; }, 2);
  say(await Promise.all([1, 2, 3, 4].map((n) => queue.push(n))), fastq.name, fastq.length, Object.keys(fastq), fastq.promise.length, Object.keys(queue).sort());
  let tries = 0;
  const once = fastq({ mine: true }, function review(value, done) {
    tries += 1;
    done.call(undefined, tries === 1 ? new RangeError('not yet') : null, [value.id, this.mine, done.name, done.length]);
  }, 1);
  const value = { id: 7 };
  for (let n = 0; n < 2; n++) once.push(value, (error, result) => { inside('after'); say(nameOf(error), result); });
  try { fastq(() => {}, 0); } catch (error) { say(nameOf(error)); }
  const order = [];
  const paused = fastq(function ordered(name, done) { order.push(name); setTimeout(done, 5); }, 1);
  paused.pause();
  paused.push('b'); paused.push('c'); paused.unshift('a');
  say(paused.getQueue(), paused.length(), paused.idle());
  paused.resume();
  await new Promise((resolve) => { paused.drain = resolve; });
  say(order, paused.running());
  paused.pause(); paused.push('never'); paused.kill();
  try { fastq(function broken() { throw new TypeError('sync'); }, 1).push(1); } catch (error) { say(nameOf(error)); }
}
`;

describe.each(['CommonJS', 'ES module'] as const)('fastq 1 in %s', (system) => {
  let seen: QueueSeen;
  beforeAll(async () => {
    seen = await seenOf({ library: 'fastq', folder: 'fastq', system, entry: 'queue.js', main });
  });

  test('the app gets what it gets without us', () => {
    expect(seen.bare).toMatch(/^\[\[11,12,13,14\],"fastqueue",3/);
    expectSameAsBare(seen);
  });

  test('values are tasks, have waited where the limit was reached, and hold what is recorded in them', () => {
    expectFourByTwo(seen, 'implement', 'fastq');
    expectGauges(seen, 'fastq');
  });

  test('attempts are told apart, and what a callback does is not inside of the task', () => {
    const tries = seen.named('run_task review');
    expect(tries.map(({ attributes }) => attributes)).toMatchObject([
      { 'swarmscope.task.result': 'error', 'error.type': 'RangeError', 'swarmscope.pool.name': 'fastq-2' },
      { 'swarmscope.task.result': 'success' },
    ]);
    expect(seen.named('run_task after').map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, undefined]);
  });

  test('values that were put in front keep their place, what was killed is no task, and a worker that throws fails', () => {
    expect(seen.named('run_task ordered')).toHaveLength(3);
    expect(seen.named('run_task broken').map(({ attributes }) => attributes['error.type'])).toEqual(['TypeError']);
    expect(seen.named('run_batch fastq')[0]?.attributes).toMatchObject({ 'swarmscope.batch.size': 4, 'swarmscope.batch.inferred': true });
  });
});
