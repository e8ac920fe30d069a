/** A scheduler that starts its children synchronously: nothing else happens in it meanwhile. */
import { execFileSync } from 'node:child_process';
import { setTimeout as work } from 'node:timers/promises';
import { withTask } from 'swarmscope';

for (;;) {
  await withTask('implement', () => execFileSync('sleep', ['1.3']));
  await work(150);
}
