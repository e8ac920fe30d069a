/** Which part of the run is in view: what the address says, or all of it up to a right edge that grows in steps. */
import { computed, signal } from '@preact/signals';
import { isLive, isPaused, lengthOf, model, nowOfRun, facts, view } from '../state.ts';
import { growingEdge } from './axis.ts';

/** The right edge while a living run is followed; moves only by steps. */
const edge = signal(0);
let pausedAt: number | undefined;

/** Called with each picture; the signal changes only when a step is reached. */
export function growEdge(): void {
  if (isPaused.peek()) return;
  pausedAt = undefined;
  const next = isLive.peek() ? growingEdge(nowOfRun()) : 0;
  if (next !== edge.peek()) edge.value = next;
}

export const whole = computed<{ from: number; to: number }>(() => {
  void facts.value;
  const run = model.value;
  if (run === undefined) return { from: 0, to: 1 };
  return { from: 0, to: Math.max(lengthOf(run), edge.value) };
});

/** Paused, or a range that the person chose: what comes new moves nothing. */
export const range = computed<{ from: number; to: number }>(() => {
  const chosen = view.value.range;
  if (chosen !== undefined) return chosen;
  if (isPaused.value) return { from: 0, to: (pausedAt ??= whole.peek().to) };
  return whole.value;
});
