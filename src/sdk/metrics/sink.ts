/** From a process's metrics to its run: what the run hands back is exported here. */
import type { RunLink } from '../../root/index.ts';
import type { MetricsSink, ProcessAssembly } from '../assembly.ts';
import { OVERFLOW_COUNTER } from './meter.ts';

/** `assembly` is asked for late: it is made with this sink. */
export function runSink(run: RunLink, assembly: () => Pick<ProcessAssembly, 'exportMetrics' | 'count'>): MetricsSink {
  const known = new Set<string>();
  return (snapshot, isFinal) => {
    const merged = run.offer(snapshot, isFinal);
    if (merged !== undefined) assembly().exportMetrics(merged.metrics, merged, { isLast: isFinal, onTaken: merged.onExported });
    for (const name of run.faults()?.overflowing ?? []) {
      if (known.has(name)) continue;
      known.add(name);
      assembly().count(`${OVERFLOW_COUNTER}${name}`);
    }
    return true;
  };
}
