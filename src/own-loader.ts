/**
 * Loads our bundles past the app's module hooks, with globals, timers, files and clocks as they were at the start: a
 * fake clock, a mocked `fs` or a patched `Module._load` of the app is never called by our code.
 */
import type * as Crypto from 'node:crypto';
import type * as Fs from 'node:fs';
import type * as Path from 'node:path';
import type { PerformanceNodeTiming } from 'node:perf_hooks';
import type * as Vm from 'node:vm';
import { headOf, readKeptCode } from './config/kept-code.ts';
import { ownFiles } from './own-files.ts';

type GetModule = (name: string) => unknown;
type Require = GetModule & { cache: unknown };

/**
 * Globals that the bundles use, passed as parameters so that the names mean what they meant at the start. Others are
 * left out, since Node loads `TextDecoder` and its like on access; `process` and `performance` are added below.
 */
const GLOBALS = `
  Buffer URL queueMicrotask
  setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate
  Promise Map Set WeakMap WeakSet WeakRef Symbol Object Array Function Reflect Proxy String Number Boolean BigInt RegExp
  Error TypeError RangeError Atomics ArrayBuffer SharedArrayBuffer DataView Uint8Array Int32Array BigInt64Array
  JSON Math Date`
  .trim()
  .split(/\s+/);

/** Functions of Node's modules to keep, by name: reading a lazy property loads its target, a deprecated one warns. */
const KEPT: Readonly<Record<string, RegExp>> = {
  'node:fs': /Sync$|^watch$|^readFile$/,
  'node:timers': /^(?:set|clear)/,
  'node:perf_hooks': /^performance$/,
  'node:crypto': /^(?:random|create)/,
  'node:os': /^(?:homedir|hostname)$/,
  'node:net': /^(?:connect|create|Socket$|isIP)/,
  'node:tls': /^connect$/,
  'node:zlib': /^(?:gzip|create)/,
};
/** Methods that programs replace, as tests do with `kill`: our `process` has these as they were, all else as it is. */
const PROCESS_METHODS = [
  'on',
  'once',
  'removeListener',
  'listenerCount',
  'listeners',
  'getMaxListeners',
  'kill',
  'cwd',
  'getuid',
  'getgid',
  'uptime',
  'hrtime',
] as const;
/** Node has loaded these at the start anyway: keeping them costs a copy, and no load. */
const EARLY_MODULES = ['node:fs', 'node:timers'];
/** 32-bit numbers that are drawn at once: a call of the generator costs more than what it draws. */
const RANDOM_POOL = 256;

/** A `require` for our files, by absolute path, each executed once, and for Node's modules; `cache` is its `cache`. */
export function createLoader(cache: unknown): Require {
  const getBuiltinModule = process.getBuiltinModule.bind(process);
  const builtin: GetModule = (name) => getBuiltinModule(name);
  const globals = globalsAsTheyAre(builtin, (name) => load(name));
  const kept = new Map<string, unknown>();
  /** What the copy of a module gains beside the functions that are kept. */
  const gains: Readonly<Record<string, (copy: object) => void>> = {
    'node:fs': (copy) => void Object.assign(copy, ownFiles(copy as typeof Fs)),
    'node:perf_hooks': (copy) => void Object.defineProperty(copy, 'performance', { value: globals['performance'] }),
  };
  const keep = (name: string): unknown => {
    const names = KEPT[name];
    const copy = names === undefined ? builtin(name) : asItIs(builtin(name) as object, names);
    gains[name]?.(copy as object);
    kept.set(name, copy);
    return copy;
  };
  for (const name of EARLY_MODULES) keep(name);
  const { readFileSync } = builtin('node:fs') as typeof Fs;
  const path = builtin('node:path') as typeof Path;
  const { compileFunction, Script } = builtin('node:vm') as typeof Vm;
  const names = Object.keys(globals);
  const values = names.map((name) => globals[name]);
  const loaded = new Map<string, { exports: unknown }>();
  const load = (name: string): unknown => {
    if (!path.isAbsolute(name)) return kept.get(name) ?? keep(name);
    const file = path.normalize(name);
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    const parameters = ['exports', 'require', 'module', '__filename', '__dirname', ...names];
    const code = readKeptCode(file);
    const execute: (...values: unknown[]) => void =
      code?.text.startsWith(headOf(parameters)) === true
        ? (new Script(code.text, { filename: file, cachedData: code.code }).runInThisContext() as (...values: unknown[]) => void)
        : (compileFunction(readFileSync(file, 'utf8'), parameters, { filename: file }) as (...values: unknown[]) => void);
    loaded.set(file, module);
    execute.call(module.exports, module.exports, own, module, file, path.dirname(file), ...values);
    return module.exports;
  };
  const own: Require = Object.assign(load, { cache });
  return own;
}

/** The value of each name now. What programs patch in place (`Date.now`, `JSON.parse`, `process.kill`) is copied. */
function globalsAsTheyAre(builtin: GetModule, getKeptModule: GetModule): Record<string, unknown> {
  const all = globalThis as unknown as Record<string, unknown>;
  const present: Record<string, unknown> = {};
  for (const name of GLOBALS) if (name in all) present[name] = all[name];
  const now = Date.now.bind(Date);
  return {
    ...present,
    process: ownProcess(getKeptModule),
    JSON: asItIs(JSON),
    // Random numbers of our own: an app that seeds `Math.random` must draw the same numbers as without us.
    Math: Object.assign(asItIs(Math), { random: ownRandom(builtin) }),
    Date: new Proxy(Date, { get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)) }),
    performance: ownClock(builtin),
  };
}

/** Stands in for `performance`: reading that global loads modules for 2 ms. Where they are loaded, it is read. */
function ownClock(builtin: GetModule): object {
  const clock = isLoaded('perf_hooks') || isLoaded('internal/process/worker_thread_only') ? clockOf(performance) : monotonicClock();
  const original = (): { nodeTiming?: PerformanceNodeTiming } =>
    (builtin('node:perf_hooks') as { performance: typeof performance }).performance;
  let utilization: ReturnType<typeof loopUtilization> | undefined;
  return {
    ...clock,
    eventLoopUtilization: (first?: Utilization, second?: Utilization) =>
      (utilization ??= loopUtilization(original().nodeTiming, clock.now))(first, second),
  };
}

interface Clock {
  /** Milliseconds since `timeOrigin`. */
  readonly now: () => number;
  /** Epoch milliseconds. */
  readonly timeOrigin: number;
}

const clockOf = (original: typeof performance): Clock => ({ now: original.now.bind(original), timeOrigin: original.timeOrigin });

/** Counts from the start of the process, as the original in a main thread; its origin is half a millisecond exact. */
function monotonicClock(): Clock {
  const { hrtime } = process;
  const [seconds, nanoseconds] = hrtime();
  const elapsed = process.uptime() * 1000;
  return {
    timeOrigin: Date.now() + 0.5 - elapsed,
    now() {
      const [s, n] = hrtime();
      return elapsed + (s - seconds) * 1000 + (n - nanoseconds) / 1e6;
    },
  };
}

/** `name` is one of Node's own modules. */
function isLoaded(name: string): boolean {
  const { moduleLoadList } = process as { moduleLoadList?: readonly string[] };
  // Unknown is taken for loaded: at worst it is loaded now.
  return moduleLoadList === undefined || moduleLoadList.includes(`NativeModule ${name}`);
}

interface Utilization {
  readonly idle: number;
  readonly active: number;
  readonly utilization: number;
}

/** Like Node's function, in milliseconds; Node's reads `process.hrtime`, which the app may have replaced. */
function loopUtilization(timing: { readonly loopStart: number; readonly idleTime: number } | undefined, now: () => number) {
  const of = (idle: number, active: number): Utilization => ({
    idle,
    active,
    utilization: idle + active > 0 ? active / (idle + active) : 0,
  });
  const sinceStart = (): Utilization => {
    const { loopStart = -1, idleTime = 0 } = timing ?? {};
    return loopStart <= 0 ? of(0, 0) : of(idleTime, Math.max(0, now() - loopStart - idleTime));
  };
  return (first?: Utilization, second?: Utilization): Utilization => {
    if (first === undefined) return sinceStart();
    const [later, earlier] = second === undefined ? [sinceStart(), first] : [first, second];
    return of(later.idle - earlier.idle, later.active - earlier.active);
  };
}

function ownRandom(builtin: GetModule): () => number {
  const pool = new Uint32Array(RANDOM_POOL);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      (builtin('node:crypto') as typeof Crypto).randomFillSync(pool);
      at = 0;
    }
    return (pool[at++] ?? 0) / 2 ** 32;
  };
}

function ownProcess(getBuiltinModule: GetModule): object {
  const copy = asItIs(process, /^$/);
  Object.defineProperty(copy, 'getBuiltinModule', { value: getBuiltinModule });
  for (const name of PROCESS_METHODS) {
    const method: unknown = Reflect.get(process, name);
    // Windows has no users.
    if (typeof method === 'function') Object.defineProperty(copy, name, { value: (method as () => unknown).bind(process) });
  }
  return copy;
}

/** A copy of the properties of these names; all others are those of the original. */
function asItIs(original: object, names = /^\w/): object {
  const copy = Object.create(original) as object;
  for (const name of Object.getOwnPropertyNames(original)) {
    const descriptor = names.test(name) ? Object.getOwnPropertyDescriptor(original, name) : undefined;
    if (descriptor !== undefined && 'value' in descriptor) Object.defineProperty(copy, name, descriptor);
  }
  return copy;
}
