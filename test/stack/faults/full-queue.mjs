/** A queue at its capacity before a pool of two: as soon as there is room, a maker that waited outside fills it. */
import { setTimeout as work } from 'node:timers/promises';
import { trackPool, trackQueue, withTask } from 'swarmscope';

const limit = 2;
const capacity = 100;
const todo = Array.from({ length: capacity }, (_, id) => id);
let active = 0;
trackPool({ name: 'coders', active: () => active, limit: () => limit });
trackQueue({ name: 'todo', size: () => todo.length, capacity: () => capacity });

async function lane() {
  active += 1;
  for (;;) {
    todo.shift();
    todo.push(0);
    await withTask({ type: 'implement', pool: 'coders', queue: 'todo' }, () => work(500));
  }
}
for (let worker = 0; worker < limit; worker++) void lane();
