/** More kinds of task than a metric tells apart: somebody put the id into the name. */
import { withTask } from 'swarmscope';

const forever = new Promise(() => {});
for (let id = 0; id < 1_100; id++) void withTask(`task-${id}`, () => forever);
setInterval(() => {}, 60_000);
