/** Workers of each pool: how many are busy, how many may be, and the exact time spent either way. */
import {
  ATTR_OTEL_METRIC_OVERFLOW,
  ATTR_SWARMSCOPE_POOL_NAME,
  ATTR_SWARMSCOPE_WORKER_STATE,
  METRIC_SWARMSCOPE_WORKER_COUNT,
  METRIC_SWARMSCOPE_WORKER_LIMIT,
  METRIC_SWARMSCOPE_WORKER_PEAK_COUNT,
  METRIC_SWARMSCOPE_WORKER_TIME,
  METRIC_SWARMSCOPE_WORKER_UTILIZATION,
  SWARMSCOPE_WORKER_STATE_VALUE_ACTIVE,
  SWARMSCOPE_WORKER_STATE_VALUE_IDLE,
} from '../semconv/index.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';
import { observe, type Gauge } from './gauge.ts';
import type { PoolState } from './state.ts';

/** Names that keep series of their own, since counters must not fall; two states each fit the attribute set limit. */
const MAX_NAMES = 900;
/** Stands for all later names. */
const OTHERS = Symbol('others');
const OVERFLOW: Attributes = { [ATTR_OTEL_METRIC_OVERFLOW]: true };

type Name = string | typeof OTHERS;

interface Seconds {
  active: number;
  idle: number;
}

interface PoolSum extends Seconds {
  activeWorkers: number;
  /** Of the one that had the most. */
  peak: number;
  /** undefined as soon as one of them has none. */
  limit: number | undefined;
}

export const pools: Gauge = {
  name: 'pools',
  where: 'every-process',
  start({ meter, state, now }) {
    const times = new PoolTimes();
    const specs = [
      METRIC_SWARMSCOPE_WORKER_COUNT,
      METRIC_SWARMSCOPE_WORKER_PEAK_COUNT,
      METRIC_SWARMSCOPE_WORKER_LIMIT,
      METRIC_SWARMSCOPE_WORKER_UTILIZATION,
      METRIC_SWARMSCOPE_WORKER_TIME,
    ];
    return observe(meter, specs, (report) => {
      for (const [name, sum] of times.read(state.pools(), now())) {
        const pool = name === OTHERS ? OVERFLOW : { [ATTR_SWARMSCOPE_POOL_NAME]: name };
        const active = { ...pool, [ATTR_SWARMSCOPE_WORKER_STATE]: SWARMSCOPE_WORKER_STATE_VALUE_ACTIVE };
        const idle = { ...pool, [ATTR_SWARMSCOPE_WORKER_STATE]: SWARMSCOPE_WORKER_STATE_VALUE_IDLE };
        const { activeWorkers, limit } = sum;
        report(METRIC_SWARMSCOPE_WORKER_COUNT, activeWorkers, active);
        report(METRIC_SWARMSCOPE_WORKER_COUNT, limit === undefined ? undefined : Math.max(0, limit - activeWorkers), idle);
        report(METRIC_SWARMSCOPE_WORKER_PEAK_COUNT, Math.max(sum.peak, activeWorkers), pool);
        report(METRIC_SWARMSCOPE_WORKER_LIMIT, limit, pool);
        report(METRIC_SWARMSCOPE_WORKER_UTILIZATION, limit === undefined || limit === 0 ? undefined : activeWorkers / limit, pool);
        report(METRIC_SWARMSCOPE_WORKER_TIME, sum.active, active);
        report(METRIC_SWARMSCOPE_WORKER_TIME, sum.idle, idle);
      }
    });
  },
};

/** Adds up same-named pools; what a pool that is gone had counted stays counted. */
class PoolTimes {
  readonly #last = new Map<PoolState, Seconds>();
  readonly #gone = new Map<Name, Seconds>();
  readonly #names = new Set<string>();

  read(all: Iterable<PoolState>, now: EpochMs): Map<Name, PoolSum> {
    const listed = new Set(all);
    for (const [pool, seconds] of this.#last) {
      if (listed.has(pool)) continue;
      this.#last.delete(pool);
      const name = this.#nameOf(pool);
      this.#gone.set(name, plus(this.#gone.get(name), seconds));
    }
    const sums = new Map<Name, PoolSum>();
    for (const [name, seconds] of this.#gone) sums.set(name, { ...seconds, activeWorkers: 0, peak: 0, limit: 0 });
    for (const pool of listed) {
      const seconds = { active: pool.activeSeconds(now), idle: pool.idleSeconds(now) };
      this.#last.set(pool, seconds);
      const name = this.#nameOf(pool);
      const { activeWorkers, peak, limit } = sums.get(name) ?? { activeWorkers: 0, peak: 0, limit: 0 };
      sums.set(name, {
        ...plus(sums.get(name), seconds),
        activeWorkers: activeWorkers + pool.active(),
        peak: Math.max(peak, pool.peakActive()),
        limit: add(limit, finite(pool.limit())),
      });
    }
    return sums;
  }

  #nameOf({ name }: PoolState): Name {
    if (this.#names.size < MAX_NAMES) this.#names.add(name);
    return this.#names.has(name) ? name : OTHERS;
  }
}

const plus = (a: Seconds | undefined, b: Seconds): Seconds => ({ active: (a?.active ?? 0) + b.active, idle: (a?.idle ?? 0) + b.idle });
const add = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? undefined : a + b);
/** `Infinity` is how most queues say that there is no limit. */
const finite = (value: number | undefined): number | undefined => (value !== undefined && Number.isFinite(value) ? value : undefined);
