/** piscina and tinypool without a line of code: tasks of a pool, and what they do in their thread or process below them. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectFourByTwo, expectGauges, expectSameAsBare, seenOf, type QueueSeen } from './seen.ts';

const files = {
  'implement.cjs': `
const { withTask } = require({api});
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
module.exports = async (n) => { await sleep(n === 4 ? 400 : 200); withTask('inner', () => undefined); return n + 10; };
module.exports.review = async ({ fails, given }) => { if (fails) throw new RangeError('not good'); return [given, withTask('looked', () => 'at it')]; };
module.exports.hang = module.exports.stop = () => sleep(600_000);
`,
};

const main = `
async function main(Pool, all) {
  const filename = require('node:path').join(PLACE, 'implement.cjs');
  const pool = new Pool({ filename, minThreads: 2, maxThreads: 2, OPTIONS });
  say(await Promise.all([1, 2, 3, 4].map((n) => pool.run(n))), pool.run.name, pool.run.length, pool.queueSize, pool.completed);
  say(await pool.run({ given: 7 }, { name: 'review' }), await pool.run({ fails: true }, { name: 'review' }).catch(nameOf));
  const small = new Pool({ filename, minThreads: 1, maxThreads: 1, maxQueue: 1, OPTIONS });
  const hanging = ['a', 'b', 'c'].map((each) => small.run(each, { name: 'hang' }).catch(nameOf));
  say(await hanging[2], small.queueSize);
  await small.destroy();
  say(await Promise.all(hanging));
  const controller = new AbortController();
  const aborted = [1, 2, 3].map((each) => pool.run(each, { name: 'stop', signal: controller.signal }).catch((error) => error.name));
  await sleep(20);
  controller.abort();
  say(await Promise.all(aborted));
  await pool.destroy();
}
`;

const VERSIONS = [
  { library: 'piscina', folder: 'piscina-4', system: 'CommonJS', entry: 'dist/main.js', runtime: 'threads' },
  { library: 'piscina', folder: 'piscina', system: 'CommonJS', entry: 'dist/main.js', runtime: 'threads' },
  { library: 'piscina', folder: 'piscina', system: 'ES module', entry: 'dist/esm-wrapper.mjs', runtime: 'threads' },
  { library: 'tinypool', folder: 'tinypool-1', system: 'ES module', entry: 'dist/index.js', runtime: 'threads' },
  { library: 'tinypool', folder: 'tinypool', system: 'ES module', entry: 'dist/index.js', runtime: 'threads' },
  { library: 'tinypool', folder: 'tinypool', system: 'ES module', entry: 'dist/index.js', runtime: 'processes' },
] as const;

describe.each(VERSIONS)('$folder in $system with $runtime', ({ library, folder, system, entry, runtime }) => {
  let seen: QueueSeen;
  beforeAll(async () => {
    const place = system === 'CommonJS' ? '__dirname' : 'import.meta.dirname';
    const options = runtime === 'processes' ? "runtime: 'child_process'" : '';
    const text = main.replace('PLACE', place).replaceAll('OPTIONS', options);
    seen = await seenOf({ library, folder, system, entry, main: text, files });
  });

  test('the app gets what it gets without us', () => {
    expect(seen.bare).toMatch(/^\[\[11,12,13,14\],"run",\d,0,4\]\n\[\[7,"at it"\],"RangeError: not good"\]\n\["Error: .*",1\]/);
    expectSameAsBare(seen);
  });

  test('tasks are named after their file, have waited for a thread, and hold what is recorded in it', () => {
    expectFourByTwo(seen, 'implement', library);
    expect(new Set(seen.named('run_task implement').map(({ attributes }) => attributes['swarmscope.worker.id'])).size).toBe(2);
  });

  test('a task with a name of its own, its failure, and one that was given up are told apart', () => {
    const named = (name: string) => seen.named(name).map(({ attributes }) => attributes);
    expect(named('run_task review')).toMatchObject([
      { 'swarmscope.task.result': 'success' },
      { 'swarmscope.task.result': 'error', 'error.type': 'RangeError' },
    ]);
    const [looked] = seen.named('run_task looked');
    expect(looked?.parentSpanId).toBe(seen.named('run_task review')[0]?.spanId);
    expect(named('run_task hang')).toMatchObject([{ 'swarmscope.task.result': 'error' }]);
    const stopped = { 'swarmscope.task.result': 'cancellation', 'error.type': 'AbortError' };
    expect(named('run_task stop')).toMatchObject([stopped, stopped]);
  });

  test('all is one trace, and nothing but tasks, their batches and the processes of the pool hangs below the run', () => {
    const ids = new Set(seen.spans.map(({ spanId }) => spanId));
    const roots = seen.spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId));
    const names = ['run_task implement', `run_batch ${library}`, 'run_task review', 'run_task hang', 'run_task stop'];
    // Processes besides: those of the pool, and the shell by which tinypool 1 counts the processors.
    expect(new Set(roots.map(({ name }) => name).filter((name) => !/^(?:node|sh)$/.test(name)))).toEqual(new Set(names));
    expect(new Set(seen.spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  test('the gauges show the limit, the capacity of the queue and the peaks', () => {
    expectGauges(seen, library, 2, 4);
    expect(new Set(seen.values('swarmscope.queue.capacity', { 'swarmscope.queue.name': `${library}-2` }))).toEqual(new Set([1]));
  });
});
