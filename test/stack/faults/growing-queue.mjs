/** A bounded queue, more than half full, into which four times as much goes as comes out. */
import { setTimeout as work } from 'node:timers/promises';
import { trackQueue, withTask } from 'swarmscope';

const capacity = 1_000;
const todo = Array.from({ length: 550 }, (_, id) => id);
trackQueue({ name: 'todo', size: () => todo.length, capacity: () => capacity });
setInterval(() => {
  if (todo.length < 0.9 * capacity) todo.push(todo.length);
}, 125);
for (;;) {
  todo.shift();
  await withTask('implement', () => work(500));
}
