/* eslint-disable no-restricted-properties -- it decides before anything else is loaded */
/**
 * The preload. It returns at once on a Node below 22.15, in package managers and other tools that inherit NODE_OPTIONS,
 * when switched off, and where another copy is active. It is built for old engines, which must be able to parse it.
 */
import { writeSync } from 'node:fs';
import { createLoader } from './own-loader.ts';
import { isTool } from './tools-to-skip.ts';

const KEY = Symbol.for('swarmscope.runtime.1');

function isWanted(): boolean {
  const versions = process.versions as Record<string, string | undefined>;
  if (versions['bun'] !== undefined || versions['deno'] !== undefined || versions['electron'] !== undefined) return false;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 15)) return false;
  if ((globalThis as Record<symbol, unknown>)[KEY] !== undefined) return false;
  if (isOn('SWARMSCOPE_DISABLED') || isOn('OTEL_SDK_DISABLED')) return false;
  return !isTool(process.argv[1]) && !isLoaderThread();
}

/** The thread behind `module.register` runs nothing of the app; before Node 24.12 a module hook of ours ends it. */
function isLoaderThread(): boolean {
  const loaded = (process as { moduleLoadList?: readonly string[] }).moduleLoadList || [];
  // Asked first, since loading `node:worker_threads` takes a main thread 5 ms.
  if (!loaded.includes('NativeModule internal/process/worker_thread_only')) return false;
  return (process.getBuiltinModule('node:worker_threads') as { isInternalThread?: boolean }).isInternalThread === true;
}

function isOn(name: string): boolean {
  const value = (process.env[name] || '').toLowerCase();
  return value === 'true' || value === '1' || value === 'on';
}

/** Not by `process.stderr`: the error of a stream that nobody reads would be the program's end. */
function say(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // EPIPE, EAGAIN, ENOSPC, EBADF: nobody can be told.
  }
}

try {
  if (isWanted()) createLoader(require.cache)(__dirname + '/arming.cjs');
  // A program that lists this cache finds only its own modules there.
  delete require.cache[__filename];
} catch (error) {
  // A fault of ours must not reach the app. OTEL_LOG_LEVEL=debug shows it.
  if (process.env['OTEL_LOG_LEVEL'] === 'debug') say(`swarmscope: not loaded: ${String(error)}\n`);
}
