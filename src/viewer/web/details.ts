/** Details of tasks that the picture does not need: tokens, cost, calls. Fetched when something asks for them. */
import { computed, signal } from '@preact/signals';
import type { TaskDetail } from '../wire.ts';
import { runId, source } from './state.ts';

/** A page asks for so many at most; what is beyond is said where it is shown. */
const MAX_TASKS = 20_000;

const loaded = signal<{ run: string; tasks: readonly TaskDetail[] } | undefined>(undefined);
let asked: string | undefined;

export const taskDetails = computed<readonly TaskDetail[] | undefined>(() =>
  loaded.value?.run === runId.value ? loaded.value?.tasks : undefined,
);

export const costs = computed<ReadonlyMap<number, number> | undefined>(() => {
  const details = taskDetails.value;
  return details === undefined
    ? undefined
    : new Map(details.flatMap(({ row, cost }) => (cost === undefined ? [] : [[row, cost] as const])));
});

/** Loads them once a run; `isAgain` for a run that goes on. */
export async function loadDetails(isAgain = false): Promise<void> {
  const run = runId.peek();
  const from = source.peek();
  if (run === undefined || from === undefined || (asked === run && !isAgain)) return;
  asked = run;
  const tasks: TaskDetail[] = [];
  let cursor: string | undefined;
  try {
    do {
      const page = await from.tasks(run, cursor);
      tasks.push(...page.tasks);
      cursor = page.next;
    } while (cursor !== undefined && tasks.length < MAX_TASKS && runId.peek() === run);
    loaded.value = { run, tasks };
  } catch {
    // The server is gone, or the run is being written: what the picture has stays, and the next one who asks tries again.
    asked = undefined;
  }
}
