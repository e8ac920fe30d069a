/** p-queue 6 to 10 without a line of code: queue wait, attempts, results, batches with their straggler, and gauges. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../src/analysis/model.ts';
import { runProgram } from '../harness/index.ts';
import { installQueue, versions } from './p-queue-versions.ts';
import { observe, type Seen } from './programs.ts';

/**
 * A queue that runs two at once: four tasks of which the last is slow; one that fails first; a superstep by `onIdle`.
 */
const scheduler = `
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
async function main(PQueue) {
  const queue = new PQueue({ concurrency: 2 });
  const answers = await queue.addAll([1, 2, 3, 4].map((n) => async function implement() { await sleep(n === 4 ? 900 : 300); return n; }));
  let tries = 0;
  const flaky = async () => { tries += 1; if (tries === 1) throw new RangeError('not yet'); return 'at last'; };
  const first = await queue.add(flaky).catch((error) => error.name);
  const second = await queue.add(flaky);
  for (let i = 1; i <= 3; i++) void queue.add(async () => sleep(40), { priority: i });
  await queue.onIdle();
  const sync = await queue.add(function plain() { return 'plain'; });
  const odd = await queue.add('no function').catch((error) => error.name);
  console.log(JSON.stringify([answers, first, second, sync, typeof odd, queue.size, queue.pending]));
}
`;

function programOf(version: string): Record<string, string> {
  const entry = JSON.stringify(installQueue(version));
  return version.startsWith('6.')
    ? { 'app.cjs': `${scheduler} const { default: PQueue } = require(${entry}); main(PQueue);` }
    : { 'app.mjs': `import PQueue from ${entry}; ${scheduler} await main(PQueue);` };
}

describe.each(versions)('p-queue %s', (version) => {
  let seen: Seen;
  let bare: string;
  beforeAll(async () => {
    const files = programOf(version);
    ({ stdout: bare } = await runProgram({ files, preload: 'none' }));
    seen = await observe('with the preload alone', { files, env: { OTEL_METRIC_EXPORT_INTERVAL: '100' } });
  });

  const named = (name: string): SpanRow[] => seen.spans.filter((span) => span.name === name);
  const numbers = (rows: readonly SpanRow[], attribute: string): number[] =>
    rows.map(({ attributes }) => Number(attributes[attribute])).sort((a, b) => a - b);

  test('the app gets what it gets without us', () => {
    expect(bare).toMatch(/^\[\[1,2,3,4\],"RangeError","at last","plain"/);
    expect(seen).toMatchObject({ code: 0, stdout: bare, stderr: '' });
  });

  test('tasks are named by their function, and those beyond the limit have waited in the queue', () => {
    const waits = numbers(named('run_task implement'), 'swarmscope.task.queue.wait_time');
    expect(waits).toHaveLength(4);
    // The first two run 300 ms; the others are added a little after them, when the recorder has been loaded.
    expect(waits[2]).toBeGreaterThan(0.2);
    expect(waits[1]).toBeLessThan(waits[2] ?? 0);
  });

  test('an attempt that failed and the one that followed are told apart', () => {
    const [first, second, ...more] = named('run_task flaky').sort((a, b) => a.startMs - b.startMs);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      isError: true,
      attributes: { 'swarmscope.task.attempt.number': 1, 'swarmscope.task.result': 'error', 'error.type': 'RangeError' },
    });
    expect(second).toMatchObject({
      isError: false,
      attributes: { 'swarmscope.task.attempt.number': 2, 'swarmscope.task.result': 'success' },
    });
  });

  test('inline tasks are named by the function that added them, with their priority', () => {
    expect(numbers(named('run_task main'), 'swarmscope.task.priority')).toEqual([1, 2, 3]);
  });

  test('addAll is a batch with size, parallelism and straggler; a queue run dry is one that is marked inferred', () => {
    const [declared, inferred, ...more] = seen.spans
      .filter(({ name }) => name.startsWith('run_batch'))
      .sort((a, b) => a.startMs - b.startMs);
    expect(more).toEqual([]);
    const slow = named('run_task implement').sort((a, b) => (b.endMs ?? 0) - (a.endMs ?? 0))[0];
    expect(declared?.attributes).toMatchObject({
      'swarmscope.batch.size': 4,
      'swarmscope.batch.straggler.task.id': slow?.attributes['swarmscope.task.id'],
    });
    expect(declared?.attributes).not.toHaveProperty('swarmscope.batch.inferred');
    const parallelism = Number(declared?.attributes['swarmscope.batch.parallelism']);
    expect(parallelism).toBeGreaterThan(1);
    expect(parallelism).toBeLessThanOrEqual(2);
    expect(Number(declared?.attributes['swarmscope.batch.straggler.delay'])).toBeGreaterThan(0.3);
    expect(inferred?.attributes).toMatchObject({ 'swarmscope.batch.size': 3, 'swarmscope.batch.inferred': true });
    const members = named('run_task implement').map(({ attributes }) => attributes['swarmscope.batch.id']);
    expect(new Set(members)).toEqual(new Set([declared?.attributes['swarmscope.batch.id']]));
  });

  test('barrier waits are measured, and the gauges show workers and queue', () => {
    const values = (name: string, attributes: Record<string, unknown> = {}): number[] =>
      seen.points
        .filter((point) => point.name === name && Object.entries(attributes).every(([key, value]) => point.attributes[key] === value))
        .map(({ value }) => value);
    const barrier = seen.points
      .filter(({ name, attributes }) => name === 'swarmscope.batch.barrier.wait_time' && attributes['swarmscope.task.type'] === 'implement')
      .at(-1);
    expect(barrier?.value).toBe(4);
    expect(barrier?.sum).toBeGreaterThan(1);
    expect(new Set(values('swarmscope.worker.limit'))).toEqual(new Set([2]));
    expect(Math.max(...values('swarmscope.worker.count', { 'swarmscope.worker.state': 'active' }))).toBeGreaterThanOrEqual(1);
    expect(Math.max(...values('swarmscope.worker.count', { 'swarmscope.worker.state': 'active' }))).toBeLessThanOrEqual(2);
    expect(Math.max(...values('swarmscope.worker.utilization'))).toBeGreaterThan(0);
    expect(values('swarmscope.worker.time', { 'swarmscope.worker.state': 'active' }).at(-1)).toBeGreaterThan(0.6);
    expect(Math.max(...values('swarmscope.queue.size'))).toBeGreaterThanOrEqual(0);
    expect(values('swarmscope.task.submitted', { 'swarmscope.task.type': 'implement' }).at(-1)).toBe(4);
  });
});
