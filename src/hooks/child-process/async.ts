/** spawn, exec, execFile and fork: wraps `spawn` of each instance, and reads the child's end where libuv reports it. */
import { getSystemErrorName } from 'node:util';
import { notify, type Watches } from './launches.ts';
import { forgetSignals, rememberSignals } from './sent-signals.ts';
import { prepare, type SpawnOptions } from './options.ts';
import { wrapMethod } from '../wrap-method.ts';

type Spawn = (this: unknown, options: SpawnOptions) => unknown;

export interface Child {
  pid?: number;
  spawnargs?: string[];
  spawn: Spawn;
  _handle?: object | null;
}

export function isChild(value: unknown): value is Child {
  return typeof value === 'object' && value !== null && typeof (value as Child).spawn === 'function';
}

/** Wraps `spawn` of this one instance until it is called: the prototype stays as it is. */
export function wrapSpawn(child: Child): void {
  const unwrap = wrapMethod(child, 'spawn', (spawn, self, [options]) => {
    unwrap();
    return spawnWatched(spawn, self as Child, options as SpawnOptions);
  });
}

function spawnWatched(spawn: Spawn, child: Child, options: SpawnOptions): unknown {
  const { watches, given } = prepare(options, false);
  let result: unknown;
  try {
    result = spawn.call(child, given);
  } catch (error) {
    // What libuv refuses at once (`E2BIG`), Node throws.
    notify(watches, (watch) => watch.failed?.(errorName(error)));
    throw error;
  }
  if (given !== options && options.args !== undefined) child.spawnargs = options.args;
  if (watches.length > 0) follow(child, result, watches);
  return result;
}

function errorName(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : 'spawn_failed';
}

/** The end is read where libuv reports it, so that the app's `exit` listeners stay its own. */
function follow(child: Child, result: unknown, watches: Watches): void {
  const { pid } = child;
  if (typeof pid === 'number') notify(watches, (watch) => watch.started?.(pid));
  else {
    const name = typeof result === 'number' && result < 0 ? getSystemErrorName(result) : 'spawn_failed';
    notify(watches, (watch) => watch.failed?.(name));
    return;
  }
  const handle = child._handle;
  if (handle === undefined || handle === null) return;
  rememberSignals(pid, handle);
  wrapMethod(handle, 'onexit', (onexit, self, [code, signal]) => {
    const exitCode = code as number;
    const signalName = (signal as string) || null;
    const stoppedBy = forgetSignals(pid, exitCode, signalName);
    notify(watches, (watch) =>
      exitCode < 0
        ? watch.failed?.(getSystemErrorName(exitCode))
        : watch.exited?.(signalName === null ? exitCode : null, signalName, stoppedBy),
    );
    return onexit.call(self, code, signal);
  });
}
