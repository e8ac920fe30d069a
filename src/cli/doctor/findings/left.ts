/** Variables by which programs of a run would have sent their telemetry to it, and that were left as the user has them. */
import { LEFT_COUNTER, type ProcessStatus } from '../../../sdk/supervisor.ts';
import type { Finding } from '../finding.ts';

const WHY: Readonly<Record<string, { readonly text: string; readonly next: string }>> = {
  chosen: {
    text: 'has a value of yours',
    next: 'remove it where the run should see what these programs tell',
  },
  'set-up': {
    text: 'belongs to an agent whose telemetry you have set up, in the environment or in its settings',
    next: 'nothing: it goes where you send it. The run sees the agent as a process, and its calls through a gateway',
  },
  exporter: {
    text: 'stands beside OTEL_* variables of yours that say where programs send',
    next: 'remove these where the run should see what programs with an OpenTelemetry SDK tell',
  },
  collector: {
    text: 'was not set, since a collector listens on port 4317 or 4318, to which programs send by themselves',
    next: 'nothing, or hand the run on to that collector: swarmscope run --export http://127.0.0.1:4318',
  },
};

export function ofLeft(process: string, counters: ProcessStatus['counters']): Finding[] {
  const names = new Map<string, string[]>();
  for (const counter of Object.keys(counters)) {
    const [, because = '', name = ''] =
      /^([\w-]+)\.(\w+)$/.exec(counter.startsWith(LEFT_COUNTER) ? counter.slice(LEFT_COUNTER.length) : '') ?? [];
    if (because in WHY) names.set(because, [...(names.get(because) ?? []), name]);
  }
  return [...names].flatMap(([because, left]) => {
    const why = WHY[because];
    return why === undefined ? [] : [{ level: 'note' as const, text: `${process}: ${left.join(', ')} ${why.text}`, next: why.next }];
  });
}
