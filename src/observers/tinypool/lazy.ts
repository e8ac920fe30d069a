/** What is tinypool's own: its name. */
import { watchThreadPools } from '../thread-pools.ts';
import type { ObserverContext } from '../observer.ts';

export { watchedReceiver } from '../thread-pools.ts';

export function watchPools(context: ObserverContext, exported: unknown): void {
  watchThreadPools('tinypool', context, exported);
}
