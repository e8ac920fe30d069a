/** p-map 6 and 7 without a line of code: items are tasks, calls are batches, and what is returned is what it was. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectFourByTwo, expectSameAsBare, seenOf, type QueueSeen } from './seen.ts';

const main = `
async function main(pMap, all) {
  say(await pMap([1, 2, 3, 4], async function implement(n, index) { await sleep(n === 4 ? 400 : 200); inside('inner'); return n + 10 * index; }, { concurrency: 2 }), pMap.name, pMap.length);
  const began = [];
  const failing = async function review(n) { began.push(n); await sleep(1); if (n === 2) throw new RangeError('second'); return n; };
  say(await pMap([1, 2, 3, 4, 5], failing, { concurrency: 1 }).catch(nameOf), began);
  say(await pMap([1, 2, 3], failing, { concurrency: 2, stopOnError: false }).catch((error) => [error.name, error.errors.map(nameOf)]));
  say(await pMap(new Set(['x', 'y']), function plain(text) { return text === 'x' ? all.pMapSkip : text; }));
  say(await pMap([1], 'no function').catch((error) => error.name), await pMap([1], failing, { concurrency: 0 }).catch((error) => error.name));
  const controller = new AbortController();
  const aborted = pMap([1, 2, 3], async function stopped() { controller.abort(new Error('enough')); await sleep(1); }, { concurrency: 1, signal: controller.signal });
  say(await aborted.catch(nameOf));
}
`;

const VERSIONS = [
  { folder: 'p-map-6', system: 'ES module' },
  { folder: 'p-map', system: 'ES module' },
  { folder: 'p-map', system: 'CommonJS' },
] as const;

describe.each(VERSIONS)('$folder in $system', ({ folder, system }) => {
  let seen: QueueSeen;
  beforeAll(async () => {
    seen = await seenOf({ library: 'p-map', folder, system, entry: 'index.js', main });
  });

  test('the app gets what it gets without us', () => {
    expect(seen.bare).toMatch(/^\[\[1,12,23,34\],"pMap",\d\]\n\["RangeError: second",\[1,2\]\]/);
    expectSameAsBare(seen);
  });

  test('items are tasks, have waited where the limit was reached, and hold what is recorded in them', () => {
    expectFourByTwo(seen, 'implement', 'p-map');
    expect(seen.named('run_task plain')).toHaveLength(2);
  });

  test('a call is a declared batch, and items whose turn never came are no tasks', () => {
    const batch = seen.named('run_batch p-map')[0]?.attributes;
    expect(batch).toMatchObject({ 'swarmscope.batch.size': 4, 'swarmscope.batch.straggler.delay': expect.any(Number) });
    expect(batch).not.toHaveProperty('swarmscope.batch.inferred');
    expect(seen.named('run_task review').map(({ attributes }) => attributes['swarmscope.task.result'])).toEqual(
      expect.arrayContaining(['success', 'error']),
    );
    expect([seen.named('run_task review').length, seen.named('run_task stopped').length]).toEqual([5, 1]);
  });

  test('the gauges show the limit and the peaks, and nothing that waits in the end', () => {
    expect(Math.max(...seen.values('swarmscope.worker.limit'))).toBe(2);
    expect(Math.max(...seen.values('swarmscope.worker.peak_count'))).toBe(2);
    expect(Math.max(...seen.values('swarmscope.queue.peak_size'))).toBeGreaterThanOrEqual(2);
    expect(seen.values('swarmscope.queue.size').at(-1)).toBe(0);
  });
});
