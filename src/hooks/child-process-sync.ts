/**
 * spawnSync, execSync and execFileSync, where all three meet: the one function of Node's binding. So an app is seen however it came by them,
 * its functions stay the ones Node made, and the pid is known.
 */
import { getSystemErrorName } from 'node:util';
import { startedWith } from '../config/started-with.ts';
import { notify, type Watches } from './child-launches.ts';
import { prepare, type SpawnOptions } from './child-options.ts';
import { wrapSyncCalls } from './child-process-sync-calls.ts';
import { subscribeBuiltin } from './module-load.ts';

interface SyncResult {
  pid?: number;
  status?: number | null;
  signal?: string | null;
  /** Negative, as libuv has it. */
  error?: number;
}
interface Binding {
  spawn: (this: unknown, options: SpawnOptions) => SyncResult;
}

let isArmed = false;

/** Watches the sync forms, once. Where the binding cannot be had (`--permission`), the functions themselves are wrapped as they are loaded. */
export function watchSync(): void {
  if (isArmed) return;
  isArmed = true;
  if (!shadowBinding()) subscribeBuiltin('child_process', wrapSyncCalls);
}

/** For what the road of the binding saves: an app that came by the functions through `process.getBuiltinModule`. */
export function watchSyncLate(): void {
  if (!isShadowed) wrapSyncCalls();
}

let isShadowed = false;

function shadowBinding(): boolean {
  const binding = findBinding();
  const original = binding?.spawn;
  if (binding === undefined || typeof original !== 'function') return false;
  try {
    binding.spawn = function spawn(this: unknown, options) {
      const prepared = guarded(() => prepare(options, true));
      const result = original.call(this, prepared?.given ?? options);
      if (prepared !== undefined) guarded(() => report(prepared.watches, result));
      return result;
    };
  } catch {
    // A frozen binding: the other road.
    return false;
  }
  isShadowed = binding.spawn !== original;
  return isShadowed;
}

/** `process.binding` says at most once that it is deprecated, with `--pending-deprecation`: that word is the app's to hear. */
function findBinding(): Binding | undefined {
  const flags = `${process.execArgv.join(' ')} ${startedWith['NODE_OPTIONS'] ?? ''}`;
  if (/pending[-_]deprecation/.test(flags) || (startedWith['NODE_PENDING_DEPRECATION'] ?? '') === '1') return undefined;
  const target = process as { binding?: (name: string) => unknown; noDeprecation?: boolean };
  const before = Object.getOwnPropertyDescriptor(target, 'noDeprecation');
  try {
    // A Node of the future may warn without being asked to.
    target.noDeprecation = true;
    return target.binding?.('spawn_sync') as Binding | undefined;
  } catch {
    // ERR_ACCESS_DENIED under `--permission`, or a Node that has it no more.
    return undefined;
  } finally {
    if (before === undefined) delete target.noDeprecation;
    else Object.defineProperty(target, 'noDeprecation', before);
  }
}

/** Whatever goes wrong before or after is ours: the child starts, and its answer is the app's. */
function guarded<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    // The program may have broken what telling of a fault would need.
    return undefined;
  }
}

function report(watches: Watches, { pid, status, signal, error }: SyncResult): void {
  if (typeof pid === 'number' && pid > 0) notify(watches, (watch) => watch.started?.(pid));
  if (typeof status === 'number' || typeof signal === 'string') notify(watches, (watch) => watch.exited?.(status ?? null, signal ?? null));
  else notify(watches, (watch) => watch.failed?.(typeof error === 'number' && error < 0 ? getSystemErrorName(error) : 'spawn_failed'));
}
