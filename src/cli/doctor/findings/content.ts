/** Captured content that did not leave. */
import type { ProcessStatus } from '../../../sdk/supervisor.ts';
import type { Finding } from '../finding.ts';

/** Names of counters, as the recorder counts. */
const MASK_FAILED = 'content.mask-failed';
const NO_EVENTS = 'content.no-events';

export function ofContent(process: string, counters: ProcessStatus['counters']): Finding[] {
  const { [MASK_FAILED]: masked = 0, [NO_EVENTS]: events = 0 } = counters;
  const findings: Finding[] = [];
  if (masked > 0)
    findings.push({
      level: 'problem',
      text: `${process}: content was left out ${masked} times, since your mask of content threw, gave no text or took too long`,
      next: 'mend the module that SWARMSCOPE_CONTENT_MASK names, or what was given to maskContent',
    });
  if (events > 0)
    findings.push({
      level: 'note',
      text: `${process}: ${events} calls have no event with their content, since the app's own SDK takes our spans`,
      next: 'use SPAN_ONLY to have the content on the spans',
    });
  return findings;
}
