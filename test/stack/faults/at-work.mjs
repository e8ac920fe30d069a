/** A swarm in the middle of its work: two of four workers busy with something long. */
import { setTimeout as work } from 'node:timers/promises';
import PQueue from 'p-queue';

const queue = new PQueue({ concurrency: 4 });
const implement = () => work(600_000);
void queue.add(implement);
void queue.add(implement);
