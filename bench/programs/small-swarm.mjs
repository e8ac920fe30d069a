// A swarm of tools that sleep, with one cause of waiting in it or without: `node small-swarm.mjs CAUSE [--without]`.
import { setTimeout as sleep } from 'node:timers/promises';
import { trackPool, wait, withBatch, withTask, withTool } from 'swarmscope';

const [cause = 'healthy', flag] = process.argv.slice(2);
const isPlanted = flag !== '--without';
const UNIT_MS = 250;
const work = (units, name = 'edit_file') => withTool({ name }, () => sleep(units * UNIT_MS));
const ids = (count) => Array.from({ length: count }, (_each, index) => `part-${index}`);

/** A pool of so many lanes; each task gets its place in the queue's order. */
function lanesOf(limit) {
  let active = 0;
  const queue = [];
  trackPool({ name: 'lanes', active: () => active, limit: () => limit });
  const next = () => {
    while (active < limit && queue.length > 0) {
      active++;
      queue.shift()();
    }
  };
  return async (task, job) => {
    const readyAt = Date.now();
    await new Promise((go) => {
      queue.push(go);
      next();
    });
    try {
      return await withTask({ type: 'implement', readyAt, pool: 'lanes', dependencies: [], ...task }, job);
    } finally {
      active--;
      next();
    }
  };
}

const swarms = {
  async healthy() {
    const run = lanesOf(8);
    await Promise.all(ids(8).map((id) => run({ id }, () => work(5))));
  },
  async barrier() {
    const run = lanesOf(4);
    const first = ids(4).map((id, index) => () => run({ id }, () => work(index === 0 ? 10 : 3)));
    const second = ids(4).map((id, index) => () => {
      return run({ id: `next-${id}`, dependencies: [`part-${index}`] }, () => work(index === 0 ? 1 : 6));
    });
    if (!isPlanted) {
      await Promise.all(first.map((start, index) => start().then(second[index])));
      return;
    }
    await withBatch({ scheduler: 'supersteps', index: 0 }, () => Promise.all(first.map((start) => start())));
    await withBatch({ scheduler: 'supersteps', index: 1 }, () => Promise.all(second.map((start) => start())));
  },
  async straggler() {
    const run = lanesOf(6);
    await Promise.all(ids(6).map((id, index) => run({ id }, () => work(index === 3 && isPlanted ? 14 : 4))));
  },
  async human_wait() {
    const run = lanesOf(4);
    await Promise.all(
      ids(4).map((id, index) =>
        run({ id }, async () => {
          await work(4);
          if (index === 1 && isPlanted) await wait('human', () => sleep(8 * UNIT_MS));
          await work(2);
        }),
      ),
    );
  },
  async lock_contention() {
    const run = lanesOf(4);
    let last = Promise.resolve();
    await Promise.all(
      ids(4).map((id) =>
        run({ id }, async () => {
          await work(3);
          const before = last;
          let release = () => {};
          last = new Promise((done) => (release = done));
          if (isPlanted) await wait('lock', () => before);
          await work(4, 'merge');
          release();
        }),
      ),
    );
  },
  async serial_orchestrator() {
    const run = lanesOf(5);
    const started = [];
    for (const id of ids(5)) {
      if (isPlanted) await work(3, 'plan_one');
      started.push(run({ id }, () => work(6)));
    }
    await Promise.all(started);
  },
  async dependency_chain() {
    const run = lanesOf(6);
    let before = Promise.resolve();
    const chain = ids(4).map((id, index) => {
      before = before.then(() => run({ id, dependencies: index > 0 && isPlanted ? [`part-${index - 1}`] : [] }, () => work(4)));
      const own = before;
      if (!isPlanted) before = Promise.resolve();
      return own;
    });
    await Promise.all(chain);
  },
  async too_few_workers() {
    const run = lanesOf(isPlanted ? 2 : 4);
    await Promise.all(ids(8).map((id) => run({ id }, () => work(4))));
  },
  async rework() {
    const run = lanesOf(4);
    await Promise.all(
      ids(4).map(async (id, index) => {
        if (index === 2 && isPlanted) {
          await run({ id, attempt: 1 }, async () => {
            await work(6);
            throw new TypeError('tests fail');
          }).catch(() => {});
        }
        await run({ id, attempt: index === 2 && isPlanted ? 2 : 1 }, () => work(6));
      }),
    );
  },
};

const begin = performance.now();
await swarms[cause]();
// Without the start and the end of the program, which differ from run to run.
console.log(performance.now() - begin);
