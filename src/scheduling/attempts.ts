/** Counts the attempts of a function that is added to a queue again: only after a failed run is adding it a retry. */
import type { Task } from './watched-task.ts';

const next = new WeakMap<Task, number>();

/** 1 for a function that has not failed. */
export function nextAttempt(task: Task): number {
  return next.get(task) ?? 1;
}

export function noteAttempt(task: Task, attempt: number, isFailed: boolean): void {
  if (isFailed) next.set(task, attempt + 1);
  else next.delete(task);
}
