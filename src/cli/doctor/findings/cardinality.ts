/** Metrics that have more attribute sets than one metric may have. */
import { MAX_ATTRIBUTE_SETS, OVERFLOW_COUNTER, type ProcessStatus } from '../../../sdk/supervisor.ts';
import type { Finding } from '../finding.ts';

/** The limit in words, for the list of settings. */
export const ATTRIBUTE_SET_LIMIT = `at most ${MAX_ATTRIBUTE_SETS.toLocaleString('en')} per metric; further ones share one series, marked otel.metric.overflow`;

/** One finding per metric that has reached its limit. */
export function ofCardinality(process: string, counters: ProcessStatus['counters']): Finding[] {
  return Object.keys(counters)
    .filter((counter) => counter.startsWith(OVERFLOW_COUNTER))
    .map((counter) => ({
      level: 'problem',
      text: `${process}: ${counter.slice(OVERFLOW_COUNTER.length)} has more attribute sets than the ${MAX_ATTRIBUTE_SETS.toLocaleString('en')} it may have; its sum is exact, the sets beyond are one series`,
      next: 'give tasks, tools, pools and queues names that repeat; ids belong on spans',
    }));
}
