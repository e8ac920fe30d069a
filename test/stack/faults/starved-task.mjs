/** A task of low priority beside a steady stream of urgent ones: it has waited for forty minutes. */
import { setTimeout as work } from 'node:timers/promises';
import PQueue from 'p-queue';

const queue = new PQueue({ concurrency: 1 });
const urgent = () => work(250);
const add = () => void queue.add(urgent, { priority: 1 }).then(add);
add();
void queue.add(async function tidyUp() {}, { priority: 0 });
add();
globalThis.timePasses();
