/** The spool: telemetry that waits on disk for its endpoint, and telemetry that had to be given up there. */
import type { SpoolSummary } from '../../../otlp/spool/index.ts';
import type { ProcessStatus } from '../../../sdk/supervisor.ts';
import type { Finding } from '../finding.ts';

/** Counters of the spool in a status file, and what each means. */
const GIVEN_UP: Readonly<Record<string, string>> = {
  'spool.expired': 'had waited longer than SWARMSCOPE_SPOOL_MAX_AGE',
  'spool.dropped': 'made room: SWARMSCOPE_SPOOL_MAX_BYTES was reached',
  'spool.damaged': 'could not be read whole from disk',
  'spool.refused': 'were refused by the endpoint',
};

const UNITS = [
  { above: 172_800_000, per: 86_400_000, name: 'days' },
  { above: 7_200_000, per: 3_600_000, name: 'hours' },
  { above: 120_000, per: 60_000, name: 'minutes' },
  { above: 0, per: 1_000, name: 'seconds' },
] as const;

export function ofSpool({ files, items, bytes, oldest }: SpoolSummary, nowMs: number): Finding[] {
  if (files === 0 || oldest === undefined) return [];
  return [
    {
      level: 'note',
      text: `${items} spans and logs (${(bytes / 1_048_576).toFixed(1)} MiB) wait on disk for an endpoint that could not be reached, the oldest for ${age(nowMs - oldest)}.`,
      next: 'start the endpoint: they leave with the next process that reaches it; SWARMSCOPE_SPOOL_MAX_BYTES=0 keeps none',
    },
  ];
}

export function ofSpoolCounters(name: string, counters: ProcessStatus['counters']): Finding[] {
  const findings: Finding[] = [];
  for (const [counter, means] of Object.entries(GIVEN_UP)) {
    const count = counters[counter] ?? 0;
    if (count > 0)
      findings.push({ level: 'problem', text: `${name}: ${count} spans and logs that waited on disk are lost: they ${means}` });
  }
  if ((counters['spool.failed'] ?? 0) > 0)
    findings.push({
      level: 'problem',
      text: `${name}: the spool could not be written`,
      next: 'check that the state folder is yours alone (0700), can be written and has room',
    });
  return findings;
}

function age(ms: number): string {
  const unit = UNITS.find(({ above }) => ms > above) ?? UNITS[UNITS.length - 1];
  return unit === undefined ? `${ms} ms` : `${Math.max(0, Math.round(ms / unit.per))} ${unit.name}`;
}
