/** A trace processor as OpenAI Agents asks for it. None of its methods ever fails. */
import type { OffSwitch } from '../off-switch.ts';
import type { AgentsSpan, AgentsTrace, Spans } from './spans.ts';

export function processorOf(spans: Spans, gate: OffSwitch): object {
  const told =
    <T>(fn: (what: T) => void) =>
    (what: T): Promise<void> => {
      gate.safely(() => fn(what));
      return Promise.resolve();
    };
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    onTraceStart: told((trace: AgentsTrace) => spans.startTrace(trace)),
    onTraceEnd: told((trace: AgentsTrace) => spans.endTrace(trace)),
    onSpanStart: told((span: AgentsSpan) => spans.startSpan(span)),
    onSpanEnd: told((span: AgentsSpan) => spans.endSpan(span)),
    shutdown: nothing,
    forceFlush: nothing,
  };
}
