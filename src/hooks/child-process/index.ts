/** Tells listeners of every child of node:child_process, and adds what they answer to a copy of its environment. */
import { subscribe } from 'node:diagnostics_channel';
import { addListener, faultOfAll, isUnobserved, removeListener, type LaunchListener } from './launches.ts';
import { isChild, wrapSpawn } from './async.ts';
import { onExecve } from './execve.ts';
import { watchSync, watchSyncLate } from './sync.ts';

export { unobserved, type ChildLaunch, type ChildWatch } from './launches.ts';

let isArmed = false;

/** Calls `listener` at each launch. What it or its answer throws goes to its `fault`, never to the app. */
export function subscribeChildProcess(listener: LaunchListener, fault: (error: unknown) => void): void {
  addListener(listener, fault);
  if (isArmed) return;
  isArmed = true;
  subscribe('child_process', (message) => {
    // What is thrown here would end the app: Node makes it an uncaught exception.
    try {
      watchSyncLate();
      const child = (message as { process?: unknown }).process;
      if (!isUnobserved() && isChild(child)) wrapSpawn(child);
    } catch (error) {
      // An object that cannot be watched (frozen by somebody): this one child stays unseen, and is told.
      faultOfAll(error);
    }
  });
  subscribe('process.execve', onExecve);
  watchSync();
}

export function unsubscribeChildProcess(listener: LaunchListener): void {
  removeListener(listener);
}
