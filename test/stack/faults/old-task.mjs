/** A task that goes round in circles for a quarter of an hour, where its kind takes a twentieth of a second. */
import { setTimeout as work } from 'node:timers/promises';
import { withTask, withTool } from 'swarmscope';

void withTask('implement', async () => {
  for (;;) await withTool('run_tests', () => work(500));
});
globalThis.timePasses();
for (;;) {
  await withTask('implement', () => work(50));
  await work(200);
}
