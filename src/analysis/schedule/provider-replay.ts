/** Runs a schedule again with its provider: so many calls at once are accepted, others are refused, wait and come again. Pure. */
import { Heap } from '../heap.ts';

/** What a task does, in order: time of its own, and calls that need a place at the provider. */
export interface Step {
  readonly ms: number;
  readonly isCall: boolean;
}

export interface Script {
  readonly steps: readonly Step[];
  /** Indices of scripts that have to end first. */
  readonly needs: readonly number[];
}

export interface Provider {
  readonly places: number;
  /** How long a refusal took, and how long each wait after one. */
  readonly refusalMs: number;
  readonly waitsMs: readonly number[];
  /** After so many refusals of one call the attempt fails, and the task begins again; `undefined`: never. */
  readonly givesUpAfter: number | undefined;
}

/** No run is followed longer: with one place and impatient tasks there may be no end. */
const MAX_EVENTS_PER_STEP = 200;

/**
 * Milliseconds until all have ended; infinite where that is not to be seen.
 * @param luck where in the list of waits the first refusal begins
 */
export function replayWithProvider(scripts: readonly Script[], provider: Provider, workers: number, luck: number): number {
  const { places, refusalMs, waitsMs, givesUpAfter } = provider;
  const at: { ms: number; task: number }[] = [];
  const events = new Heap((event) => at[event]?.ms ?? 0);
  const step = scripts.map(() => 0);
  const refused = scripts.map(() => 0);
  const isInCall = scripts.map(() => false);
  const left = scripts.map(({ needs }) => needs.length);
  const dependents: number[][] = scripts.map(() => []);
  scripts.forEach(({ needs }, task) => needs.forEach((need) => dependents[need]?.push(task)));
  const ready = new Heap((task) => task);
  scripts.forEach((_script, task) => left[task] === 0 && ready.push(task));
  let free = workers;
  let taken = 0;
  let ended = 0;
  let nowMs = 0;
  let waits = luck;
  const resume = (task: number, ms: number): void => events.push(at.push({ ms, task }) - 1);
  const dispatch = (): void => {
    while (free > 0) {
      const task = ready.pop();
      if (task === undefined) return;
      free--;
      resume(task, nowMs);
    }
  };
  const leave = (task: number): void => {
    free++;
    step[task] = 0;
    refused[task] = 0;
  };
  dispatch();
  let budget = MAX_EVENTS_PER_STEP * scripts.reduce((sum, { steps }) => sum + steps.length, 0);
  for (let event = events.pop(); event !== undefined && budget-- > 0; event = events.pop()) {
    const { ms, task } = at[event] as { ms: number; task: number };
    nowMs = ms;
    if (isInCall[task] === true) {
      isInCall[task] = false;
      taken--;
    }
    const next = scripts[task]?.steps[step[task] ?? 0];
    if (next === undefined) {
      ended++;
      leave(task);
      for (const each of dependents[task] ?? []) {
        left[each] = (left[each] ?? 0) - 1;
        if (left[each] === 0) ready.push(each);
      }
    } else if (!next.isCall || taken < places) {
      step[task] = (step[task] ?? 0) + 1;
      refused[task] = 0;
      if (next.isCall) {
        taken++;
        isInCall[task] = true;
      }
      resume(task, ms + next.ms);
    } else if (givesUpAfter !== undefined && (refused[task] ?? 0) >= givesUpAfter) {
      leave(task);
      ready.push(task);
    } else {
      refused[task] = (refused[task] ?? 0) + 1;
      resume(task, ms + refusalMs + (waitsMs[waits++ % waitsMs.length] ?? 0));
    }
    dispatch();
  }
  return ended === scripts.length ? nowMs : Infinity;
}
