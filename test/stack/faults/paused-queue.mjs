/** A queue that was paused and never started again, with ten tasks in it. */
import PQueue from 'p-queue';

const queue = new PQueue({ concurrency: 2 });
queue.pause();
for (let task = 0; task < 10; task++) void queue.add(async function implement() {});
setInterval(() => {}, 60_000);
