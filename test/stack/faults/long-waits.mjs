/** Tasks from a queue outside of the process, ready two minutes before they are taken. */
import { setTimeout as work } from 'node:timers/promises';
import { withTask } from 'swarmscope';

for (;;) await withTask({ type: 'implement', queue: 'jobs', readyAt: Date.now() - 120_000 }, () => work(250));
