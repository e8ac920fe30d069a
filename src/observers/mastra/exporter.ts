/** An exporter as Mastra asks for it: it is told of each span when that begins and when it ends, before the work in it goes on. */
import type { OffSwitch } from '../off-switch.ts';
import type { MastraSpan, Spans } from './spans.ts';

interface TracingEvent {
  readonly type?: unknown;
  readonly exportedSpan?: MastraSpan;
}

export function exporterOf(spans: Spans, gate: OffSwitch): object {
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    name: 'swarmscope',
    exportTracingEvent({ type, exportedSpan }: TracingEvent): Promise<void> {
      gate.safely(() => {
        if (exportedSpan === undefined) return;
        if (type === 'span_started') spans.start(exportedSpan);
        if (type === 'span_ended') spans.end(exportedSpan);
      });
      return nothing();
    },
    flush: nothing,
    shutdown: nothing,
  };
}
