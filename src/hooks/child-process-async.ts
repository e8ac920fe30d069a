/** spawn, exec, execFile and fork: one instance's `spawn` is shadowed, its end is read where libuv reports it. */
import { getSystemErrorName } from 'node:util';
import { notify, type Watches } from './child-launches.ts';
import { prepare, type SpawnOptions } from './child-options.ts';

export interface Child {
  pid?: number;
  spawnargs?: string[];
  spawn: (options: SpawnOptions) => unknown;
  _handle?: { onexit?: (code: number, signal: string) => unknown } | null;
}

export function isChild(value: unknown): value is Child {
  return typeof value === 'object' && value !== null && typeof (value as Child).spawn === 'function';
}

/** Shadows `spawn` on this one instance until it is called: the prototype stays as it is. */
export function shadowSpawn(child: Child): void {
  const original = child.spawn;
  Object.defineProperty(child, 'spawn', {
    configurable: true,
    enumerable: false,
    writable: true,
    value(this: Child, options: SpawnOptions) {
      delete (this as Partial<Child>).spawn;
      const { watches, given } = prepare(options, false);
      let result: number | undefined;
      try {
        result = original.call(this, given) as number | undefined;
      } catch (error) {
        // What libuv refuses at once (`E2BIG`), Node throws.
        notify(watches, (watch) => watch.failed?.(errorName(error)));
        throw error;
      }
      if (given !== options && options.args !== undefined) this.spawnargs = options.args;
      if (watches.length > 0) follow(this, result, watches);
      return result;
    },
  });
}

function errorName(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : 'spawn_failed';
}

/** The end is read where libuv reports it, so that the app's `exit` listeners stay its own. */
function follow(child: Child, result: number | undefined, watches: Watches): void {
  if (typeof child.pid === 'number') {
    const { pid } = child;
    notify(watches, (watch) => watch.started?.(pid));
  } else {
    const name = typeof result === 'number' && result < 0 ? getSystemErrorName(result) : 'spawn_failed';
    notify(watches, (watch) => watch.failed?.(name));
    return;
  }
  const handle = child._handle;
  const original = handle?.onexit;
  if (handle === undefined || handle === null || original === undefined) return;
  handle.onexit = function (code: number, signal: string) {
    notify(watches, (watch) =>
      code < 0 ? watch.failed?.(getSystemErrorName(code)) : watch.exited?.(signal ? null : code, signal || null),
    );
    return original.call(this, code, signal);
  };
}
