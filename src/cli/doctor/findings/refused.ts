/** Requests that the receiver of a run refused. */
import { REFUSED_COUNTER, UNKNOWN_COUNTER, type ProcessStatus } from '../../../sdk/supervisor.ts';
import type { Finding } from '../finding.ts';

/** Nothing of the run is lost by these: whoever sent is not of it, or sends again. */
const HARMLESS = /(?:^|\.)(?:401|403|503)$/;

export function ofRefused(process: string, counters: ProcessStatus['counters']): Finding[] {
  const answers = Object.entries(counters).filter(([counter]) => counter.startsWith(REFUSED_COUNTER));
  if (answers.length === 0) return [];
  const said = answers.map(([counter, requests]) => `${requests} x ${counter.slice(REFUSED_COUNTER.length)}`).join(', ');
  return [
    {
      level: answers.every(([counter]) => HARMLESS.test(counter)) ? 'note' : 'problem',
      text: `${process}: the receiver of the run refused requests (${said})`,
      next: 'what each answer means is in docs/store.md, "What is answered"',
    },
  ];
}

export function ofUnknownOwners(process: string, counters: ProcessStatus['counters']): Finding[] {
  const spans = counters[UNKNOWN_COUNTER];
  if (spans === undefined) return [];
  const text = `${process}: ${spans} spans came from processes that could not be found; they stand below the run, not below their process`;
  return [
    {
      level: 'note',
      text,
      next: 'on Linux this means a process that had ended, of another user or in a container: docs/run.md, "Whose telemetry it is"',
    },
  ];
}
