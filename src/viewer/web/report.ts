/** The report of the run that is shown: fetched when the run has ended, or when its screen asks for it. */
import { computed, signal } from '@preact/signals';
import type { ReportAnswer } from '../wire.ts';
import { runId, source } from './state.ts';

const loaded = signal<{ run: string; answer: ReportAnswer } | undefined>(undefined);
let asked: string | undefined;
/** The last question had no answer. */
export const isReportGone = signal(false);

export const report = computed<ReportAnswer | undefined>(() => (loaded.value?.run === runId.value ? loaded.value?.answer : undefined));

export async function loadReport(isAgain = false): Promise<void> {
  const run = runId.peek();
  const from = source.peek();
  if (run === undefined || from === undefined || (asked === run && !isAgain)) return;
  asked = run;
  isReportGone.value = false;
  try {
    loaded.value = { run, answer: await from.report(run) };
  } catch {
    // The server is gone or busy: the page goes on without it, and the next one who asks tries again.
    asked = undefined;
    isReportGone.value = true;
  }
}
