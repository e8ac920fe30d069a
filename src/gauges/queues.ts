/** Queues: how many tasks wait, how many may, and since when the oldest does. */
import {
  ATTR_SWARMSCOPE_QUEUE_NAME,
  METRIC_SWARMSCOPE_QUEUE_CAPACITY,
  METRIC_SWARMSCOPE_QUEUE_OLDEST_AGE,
  METRIC_SWARMSCOPE_QUEUE_PEAK_SIZE,
  METRIC_SWARMSCOPE_QUEUE_SIZE,
} from '../semconv/index.ts';
import { observe, type Gauge } from './gauge.ts';

export const queues: Gauge = {
  name: 'queues',
  where: 'every-process',
  start({ meter, state, now }) {
    return observe(
      meter,
      [
        METRIC_SWARMSCOPE_QUEUE_SIZE,
        METRIC_SWARMSCOPE_QUEUE_PEAK_SIZE,
        METRIC_SWARMSCOPE_QUEUE_CAPACITY,
        METRIC_SWARMSCOPE_QUEUE_OLDEST_AGE,
      ],
      (report) => {
        const sizes = new Map<string, number>();
        const peaks = new Map<string, number>();
        const capacities = new Map<string, number>();
        const oldest = new Map<string, number>();
        for (const queue of state.queues()) {
          sizes.set(queue.name, (sizes.get(queue.name) ?? 0) + queue.size());
          peaks.set(queue.name, Math.max(peaks.get(queue.name) ?? 0, queue.peak()));
          // One unbounded queue makes the name unbounded.
          capacities.set(queue.name, (capacities.get(queue.name) ?? 0) + (queue.capacity() ?? Infinity));
        }
        for (const task of state.tasks()) {
          const name = task.queue ?? task.pool;
          if (task.state === 'queued' && name !== undefined) oldest.set(name, Math.min(oldest.get(name) ?? Infinity, task.startedAt));
        }
        const at = now();
        for (const [name, size] of sizes) report(METRIC_SWARMSCOPE_QUEUE_SIZE, size, { [ATTR_SWARMSCOPE_QUEUE_NAME]: name });
        for (const [name, peak] of peaks)
          report(METRIC_SWARMSCOPE_QUEUE_PEAK_SIZE, Math.max(peak, sizes.get(name) ?? 0), { [ATTR_SWARMSCOPE_QUEUE_NAME]: name });
        for (const [name, capacity] of capacities)
          report(METRIC_SWARMSCOPE_QUEUE_CAPACITY, capacity, { [ATTR_SWARMSCOPE_QUEUE_NAME]: name });
        for (const [name, since] of oldest)
          report(METRIC_SWARMSCOPE_QUEUE_OLDEST_AGE, Math.max(0, at - since) / 1_000, { [ATTR_SWARMSCOPE_QUEUE_NAME]: name });
      },
    );
  },
};
