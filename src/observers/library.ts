/** What an observer of a queue, pool or limiter hands to `src/scheduling`, beside what is the library's own. */
import type { SchedulerLibrary } from '../scheduling/index.ts';
import type { ObserverContext } from './observer.ts';

/** @param name Of the package, which is that of its observer. */
export function libraryOf(name: string, context: ObserverContext): Pick<SchedulerLibrary<object>, 'name' | 'recorder' | 'peek' | 'fault'> {
  return {
    name,
    recorder: () => context.recorder(),
    peek: () => context.peek(),
    fault: (error) => context.fault(name, error),
  };
}

/** An option of an app in JavaScript, which may pass anything. undefined for what is no number, or without a bound. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
