/** spawnSync, execSync and execFileSync, watched in the binding that all three call, however an app imported them. */
import realProcess from 'node:process';
import { getSystemErrorName } from 'node:util';
import { startedWith } from '../../config/started-with.ts';
import { notify, type Watches } from './launches.ts';
import { prepare, type SpawnOptions } from './options.ts';
import { wrapSyncCalls } from './sync-calls.ts';
import { subscribeBuiltin } from '../module-load.ts';
import { isWrapped, wrapMethod } from '../wrap-method.ts';

interface SyncResult {
  pid?: number;
  status?: number | null;
  signal?: string | null;
  /** Negative, as libuv has it. */
  error?: number;
}
interface Binding {
  spawn?: unknown;
}

let isArmed = false;

/** Watches the sync forms, once. Without a binding (`--permission`) the functions are wrapped as they are loaded. */
export function watchSync(): void {
  if (isArmed) return;
  isArmed = true;
  if (!wrapBinding()) subscribeBuiltin('child_process', wrapSyncCalls);
}

/** For apps that got the module by `process.getBuiltinModule`: called at their first asynchronous child. */
export function watchSyncLate(): void {
  if (!isBindingWrapped) wrapSyncCalls();
}

let isBindingWrapped = false;

function wrapBinding(): boolean {
  const binding = findBinding();
  if (binding === undefined) return false;
  try {
    wrapMethod(binding, 'spawn', (spawn, self, [options]) => {
      const prepared = guarded(() => prepare(options as SpawnOptions, true));
      const result = spawn.call(self, prepared?.given ?? options);
      if (prepared !== undefined) guarded(() => report(prepared.watches, result as SyncResult));
      return result;
    });
  } catch {
    // The binding is frozen.
    return false;
  }
  isBindingWrapped = isWrapped(binding.spawn);
  return isBindingWrapped;
}

/** `process.binding` warns once of its deprecation under `--pending-deprecation`: that warning is left to the app. */
function findBinding(): Binding | undefined {
  const flags = `${process.execArgv.join(' ')} ${startedWith['NODE_OPTIONS'] ?? ''}`;
  if (/pending[-_]deprecation/.test(flags) || (startedWith['NODE_PENDING_DEPRECATION'] ?? '') === '1') return undefined;
  const target = realProcess as { binding?: (name: string) => unknown; noDeprecation?: boolean };
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
