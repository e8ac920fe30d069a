/** Counts the attempts of a function that is added to a queue again: only after a failed run is adding it a retry. */

const next = new WeakMap<object, number>();

/** 1 for a function that has not failed. */
export function nextAttempt(task: object): number {
  return next.get(task) ?? 1;
}

export function noteAttempt(task: object, attempt: number, isFailed: boolean): void {
  if (isFailed) next.set(task, attempt + 1);
  else next.delete(task);
}
