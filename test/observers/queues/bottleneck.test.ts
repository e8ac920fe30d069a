/** bottleneck 2 without a line of code: scheduled functions are tasks, with priority and retries; the limiter works as it does. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectFourByTwo, expectGauges, expectSameAsBare, seenOf, type QueueSeen } from './seen.ts';

const main = `
async function main(Bottleneck) {
  const limiter = new Bottleneck({ maxConcurrent: 2 });
  const implement = async function implement(n) { await sleep(n === 4 ? 400 : 200); inside('inner'); return n + 10; };
  say(await Promise.all([1, 2, 3, 4].map((n) => limiter.schedule(implement, n))), limiter.schedule.name, limiter.schedule.length, Object.keys(limiter.constructor.prototype));
  const retrying = new Bottleneck({ maxConcurrent: 1 });
  retrying.on('failed', (error, { retryCount }) => (retryCount === 0 ? 5 : undefined));
  let tries = 0;
  say(await retrying.schedule({ priority: 3 }, async function review() { tries += 1; if (tries === 1) throw new RangeError('not yet'); return 'at last'; }));
  say(await retrying.wrap(async function wrapped(n) { return n; })(7), await retrying.schedule('no function').catch((error) => error.name));
  const full = new Bottleneck({ maxConcurrent: 1, highWater: 1, strategy: Bottleneck.strategy.LEAK });
  const kept = ['a', 'b', 'c'].map((name) => full.schedule(async function leaky() { await sleep(20); return name; }).catch(nameOf));
  say(await Promise.all(kept));
  let began;
  const running = new Promise((resolve) => { began = resolve; });
  const last = full.schedule(async function last() { began(); await sleep(20); });
  await running;
  const waiting = full.schedule(async function never() {}).catch(nameOf);
  await full.stop();
  say(await waiting, await last, full.counts());
}
`;

describe.each(['CommonJS', 'ES module'] as const)('bottleneck 2 in %s', (system) => {
  let seen: QueueSeen;
  beforeAll(async () => {
    seen = await seenOf({ library: 'bottleneck', folder: 'bottleneck', system, entry: 'lib/index.js', main });
  });

  test('the app gets what it gets without us', () => {
    expect(seen.bare).toMatch(/^\[\[11,12,13,14\],"schedule",0/);
    expectSameAsBare(seen);
  });

  test('functions are tasks, have waited where the limit was reached, and hold what is recorded in them', () => {
    expectFourByTwo(seen, 'implement', 'bottleneck');
    expectGauges(seen, 'bottleneck', 2, 4);
  });

  test('a retry of the limiter is an attempt of its own, with the priority', () => {
    expect(seen.named('run_task review').map(({ attributes }) => attributes)).toMatchObject([
      { 'swarmscope.task.attempt.number': 1, 'swarmscope.task.result': 'error', 'swarmscope.task.priority': 3 },
      { 'swarmscope.task.attempt.number': 2, 'swarmscope.task.result': 'success', 'swarmscope.task.priority': 3 },
    ]);
    expect(seen.named('run_task wrapped')).toHaveLength(1);
  });

  test('what is dropped is no task, and nothing waits in the end', () => {
    expect([seen.named('run_task leaky').length, seen.named('run_task never').length]).toEqual([
      [...(seen.bare.match(/^\[\[.*dropped.*\]\]$/m)?.[0] ?? '').matchAll(/"[abc]"/g)].length,
      0,
    ]);
    expect(seen.values('swarmscope.queue.size').at(-1)).toBe(0);
    expect(seen.named('run_task stop')).toEqual([]);
  });
});
