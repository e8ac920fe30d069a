/** A change that its reviewer sends back each time: all work is done again, and none of it fails. */
import { setTimeout as work } from 'node:timers/promises';
import { withTask } from 'swarmscope';

for (let attempt = 1; ; attempt++) await withTask({ type: 'implement', id: 'change-7', attempt }, () => work(200));
