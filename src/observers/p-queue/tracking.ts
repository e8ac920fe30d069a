/** A queue's gauges, read through a weak reference: a queue that nobody holds any more disappears from them. */
import type { Recorder } from '../../recording/types.ts';
import type { Queue } from './queue-watch.ts';

export function trackQueue(recorder: Recorder, name: string, queue: Queue): void {
  const weak = new WeakRef(queue);
  const read = (get: (queue: Queue) => number): number => {
    const target = weak.deref();
    if (target !== undefined) return get(target);
    pool?.stop();
    waiting?.stop();
    return 0;
  };
  const limit = (): number | undefined => {
    const value = read((target) => target.concurrency);
    return Number.isFinite(value) ? value : undefined;
  };
  const pool = recorder.trackPool({ name, active: () => read((target) => target.pending), limit });
  const waiting = recorder.trackQueue({ name, size: () => read((target) => target.size) });
}
