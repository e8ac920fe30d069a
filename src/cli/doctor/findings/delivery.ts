/** Whether what a process recorded has reached its endpoint. */
import type { ProcessStatus } from '../../../sdk/supervisor.ts';
import type { Finding } from '../finding.ts';

export const SIGNALS = ['traces', 'metrics', 'logs'] as const;

export function ofDelivery(process: string, { signals, endpoints }: ProcessStatus): Finding[] {
  return SIGNALS.flatMap((signal) => {
    const { spooled = 0, dropped, lastAnswer } = signals[signal];
    const endpoint = endpoints[signal];
    const findings: Finding[] = [];
    if (spooled > 0)
      findings.push({
        level: 'note',
        text: `${process}: ${spooled} ${signal} were kept on disk: ${endpoint} ${whyKept(lastAnswer)}`,
      });
    const reasons = Object.keys(dropped);
    const total = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    if (total > 0)
      findings.push({
        level: 'problem',
        text: `${process}: ${total} ${signal} lost on the way to ${endpoint} (${reasons.map((reason) => `${dropped[reason]} ${reason}`).join(', ')})`,
        next: adviceFor(reasons, endpoint),
      });
    return findings;
  });
}

/** A full queue goes to disk, too. */
function whyKept(lastAnswer: ProcessStatus['signals']['traces']['lastAnswer']): string {
  if (lastAnswer?.isGood === true) return 'did not take them as fast as they came';
  return `could not be reached (${lastAnswer?.text ?? 'no answer'})`;
}

/** The next command for the usual reasons of loss. */
function adviceFor(reasons: readonly string[], endpoint: string): string {
  const all = reasons.join(' ');
  if (/ECONNREFUSED/.test(all))
    return `nothing listens at ${endpoint}: start your collector there, or use the embedded one: swarmscope run -- node swarm.js`;
  if (/ENOTFOUND|EAI_AGAIN/.test(all)) return `the host of ${endpoint} has no address: check OTEL_EXPORTER_OTLP_ENDPOINT`;
  if (/http_40[13]\b/.test(all)) return 'the endpoint refuses our credentials: check OTEL_EXPORTER_OTLP_HEADERS';
  if (/http_4(?:00|04|05|15)\b/.test(all))
    return 'the endpoint does not understand us: try OTEL_EXPORTER_OTLP_PROTOCOL=http/json, and that the URL is an OTLP/HTTP one (4318, not 4317)';
  if (/timeout/.test(all)) return `the endpoint is slow or hangs: curl -i -X POST ${endpoint}`;
  return `curl -i -X POST ${endpoint}`;
}
