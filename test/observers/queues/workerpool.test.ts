/** workerpool without a line of code: methods and functions are tasks, and what they do in their worker hangs below them. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectFourByTwo, expectGauges, expectSameAsBare, seenOf, type QueueSeen } from './seen.ts';

const worker = (folder: string): string => `
const workerpool = require({workerpool in ${folder}: src/index.js});
const { withTask } = require({api});
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
workerpool.worker({
  async implement(n, ...more) { await sleep(n === 4 ? 400 : 200); withTask('inner', () => undefined); return n + 10 + more.length; },
  review(given) { withTask('looked', () => undefined); if (given.fails) throw new RangeError('not good'); return given; },
  hang: () => sleep(600_000),
});
`;

const main = `
async function main(library, all) {
  const { pool } = all.pool === undefined ? library : all;
  const file = require('node:path').join(PLACE, 'worker.cjs');
  const workers = pool(file, { minWorkers: 2, maxWorkers: 2, workerType: 'TYPE', maxQueueSize: 10 });
  await Promise.all([workers.exec('methods'), workers.exec('methods')]);
  say(await Promise.all([1, 2, 3, 4].map((n) => workers.exec('implement', [n]))), workers.exec.name, workers.exec.length, workers.stats());
  const proxy = await workers.proxy();
  say(Object.keys(proxy).sort(), await proxy.review({ given: 7 }), await workers.exec('review', [{ fails: true }]).catch(nameOf));
  say(await workers.exec('none').catch(nameOf));
  try { workers.exec('implement', 'no array'); } catch (error) { say(nameOf(error)); }
  say(await workers.exec('hang').timeout(50).catch((error) => error.name));
  await workers.terminate(true);
  const functions = pool({ maxWorkers: 1, workerType: 'TYPE' });
  say(await functions.exec(function total(a, b) { return a + b + arguments.length; }, [1, 2]));
  const held = functions.exec('run', ['() => new Promise(() => {})', []]).catch(nameOf);
  const never = functions.exec(function never() {}, []).catch(nameOf);
  await functions.terminate(true);
  say(await held, await never);
}
`;

const VERSIONS = [
  { folder: 'workerpool-9', system: 'CommonJS', type: 'thread' },
  { folder: 'workerpool', system: 'CommonJS', type: 'process' },
  { folder: 'workerpool', system: 'ES module', type: 'thread' },
] as const;

describe.each(VERSIONS)('$folder in $system with workers of type $type', ({ folder, system, type }) => {
  let seen: QueueSeen;
  beforeAll(async () => {
    const text = main.replace('PLACE', system === 'CommonJS' ? '__dirname' : 'import.meta.dirname').replaceAll('TYPE', type);
    seen = await seenOf({
      library: 'workerpool',
      folder,
      system,
      entry: 'src/index.js',
      main: text,
      files: { 'worker.cjs': worker(folder) },
    });
  });

  test('the app gets what it gets without us', () => {
    expect(seen.bare).toMatch(/^\[\[11,12,13,14\],"",3,.*\]\n.*"Error: not good".*\n.*\n.*\n\["TimeoutError"\]\n\[5\]/);
    expectSameAsBare(seen);
  });

  test('tasks are named after their method, have waited for a worker, and hold what is recorded in it', () => {
    expectFourByTwo(seen, 'implement', 'workerpool');
    expect(new Set(seen.named('run_task implement').map(({ attributes }) => attributes['swarmscope.worker.id'])).size).toBe(2);
    expect(seen.named('run_task looked').map(({ parentSpanId }) => parentSpanId)).toEqual(
      seen.named('run_task review').map(({ spanId }) => spanId),
    );
  });

  test('failures and timeouts are told apart, functions have their name, and what never ran is no task', () => {
    const results = (name: string) => seen.named(name).map(({ attributes }) => attributes['swarmscope.task.result']);
    expect([results('run_task review'), results('run_task hang')]).toEqual([['success', 'error'], ['timeout']]);
    expect([results('run_task total'), results('run_task never'), results('run_task methods')]).toEqual([['success'], [], []]);
  });

  test('the gauges show the limit, the capacity of the queue and the peaks', () => {
    expectGauges(seen, 'workerpool');
    expect(new Set(seen.values('swarmscope.queue.capacity', { 'swarmscope.queue.name': 'workerpool' }))).toEqual(new Set([10]));
  });
});
