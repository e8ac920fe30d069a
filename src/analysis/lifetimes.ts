/** When processes ended, as those saw it that started them: what such a process had open went on until then, no longer. */
import { ATTR_PROCESS_PID } from '../semconv/index.ts';
import type { SpanRow } from './model.ts';

/** The end of the process that recorded an open span, in ms; undefined where nobody saw it end. */
export type EndOfProcess = (open: SpanRow) => number | undefined;

/** Ids of processes are given again: a span belongs to the one that lived when it began. */
export function endsOfProcesses(spans: readonly SpanRow[]): EndOfProcess {
  const byPid = new Map<number, SpanRow[]>();
  for (const span of spans) {
    const pid = span.attributes[ATTR_PROCESS_PID];
    // A process that is told by another one; what a process says of itself carries the same id.
    if (typeof pid !== 'number' || span.endMs === undefined || span.pid === undefined || span.pid === pid) continue;
    byPid.set(pid, [...(byPid.get(pid) ?? []), span]);
  }
  return ({ pid, startMs }) => {
    const own = pid === undefined ? [] : (byPid.get(pid) ?? []);
    return own.find((process) => process.startMs <= startMs && startMs <= (process.endMs ?? 0))?.endMs;
  };
}
