/** A pool of two workers and forty tasks: as one is done, the next comes in. */
import { setTimeout as work } from 'node:timers/promises';
import PQueue from 'p-queue';

const queue = new PQueue({ concurrency: 2 });
const implement = () => work(500);
const add = () => void queue.add(implement).then(add);
for (let task = 0; task < 40; task++) add();
