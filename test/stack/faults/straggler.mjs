/** Supersteps of four tasks, of which one takes ten times as long as the others. */
import { setTimeout as work } from 'node:timers/promises';
import { withBatch, withTask } from 'swarmscope';

for (;;) {
  const step = [100, 100, 100, 1_000].map((ms) => () => withTask('implement', () => work(ms)));
  await withBatch('supersteps', () => Promise.all(step.map((start) => start())));
}
