/**
 * Loads our bundles past the app's module hooks, with globals, timers, files and clocks as they were when the process started: a fake clock, a mocked `fs`, a
 * deleted global or a patched `Module._load` of the app never meets us, and is never called by us.
 */
import type * as Crypto from 'node:crypto';
import type * as Fs from 'node:fs';
import type * as Path from 'node:path';
import type { PerformanceNodeTiming } from 'node:perf_hooks';
import type * as Vm from 'node:vm';
import { ownFiles } from './own-files.ts';

type Require = ((name: string) => unknown) & { cache: unknown };

/**
 * What the bundles use of the global scope; passed as parameters, so that the names mean what they meant at the start. What they do not use and
 * Node loads late is not here: it loads `TextDecoder`, `AbortController` and their like when one looks at them.
 */
const GLOBALS = `
  process Buffer URL queueMicrotask
  setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate
  Promise Map Set WeakMap WeakSet WeakRef Symbol Object Array Function Reflect Proxy String Number Boolean BigInt RegExp
  Error TypeError RangeError Atomics ArrayBuffer SharedArrayBuffer DataView Uint8Array Int32Array BigInt64Array
  JSON Math Date`
  .trim()
  .split(/\s+/);

/**
 * Which functions of Node's own modules are kept as we first met them. By name, as the look at a lazy property loads what it stands for (`util.diff`
 * opens stderr), and at a deprecated one warns (`fs.F_OK`).
 */
const KEPT: Readonly<Record<string, RegExp>> = {
  'node:fs': /Sync$|^watch$/,
  // Its own methods are bound.
  'node:process': /^$/,
  'node:timers': /^(?:set|clear)/,
  'node:perf_hooks': /^performance$/,
  'node:crypto': /^(?:random|create)/,
  'node:os': /^(?:tmpdir|homedir|hostname)$/,
  'node:net': /^(?:connect|create|Socket$|isIP)/,
  'node:tls': /^connect$/,
  'node:zlib': /^(?:gzip|create)/,
};
/** Methods of the process that programs replace, as tests do with `kill`. Bound: who imports `node:process` calls them, and reads all else as it is now. */
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
] as const;
/** They are there at the start anyway: keeping them then costs a copy, not a load. */
const EARLY_MODULES = ['node:fs', 'node:timers', 'node:process'];
/** 32-bit numbers drawn at once. */
const RANDOM_POOL = 256;

/** Returns a `require` for our files, by absolute path, and for Node's own modules. Each file is run once; `cache` is what `require.cache` gives them. */
export function createLoader(cache: unknown): Require {
  const getBuiltinModule = process.getBuiltinModule.bind(process);
  const builtin = (name: string): unknown => getBuiltinModule(name);
  const globals = globalsAsTheyAre(builtin);
  const kept = new Map<string, unknown>();
  const keep = (name: string): unknown => {
    const names = KEPT[name];
    const copy = names === undefined ? builtin(name) : asItIs(builtin(name) as object, names);
    if (name === 'node:fs') Object.assign(copy as object, ownFiles(copy as typeof Fs));
    if (name === 'node:process') bindMethods(copy as object, (module) => load(module));
    if (name === 'node:perf_hooks') Object.defineProperty(copy, 'performance', { value: globals['performance'] });
    kept.set(name, copy);
    return copy;
  };
  for (const name of EARLY_MODULES) keep(name);
  const { readFileSync } = builtin('node:fs') as typeof Fs;
  const path = builtin('node:path') as typeof Path;
  const { compileFunction } = builtin('node:vm') as typeof Vm;
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
    const run = compileFunction(readFileSync(file, 'utf8'), parameters, {
      filename: file,
    });
    loaded.set(file, module);
    run.call(module.exports, module.exports, own, module, file, path.dirname(file), ...values);
    return module.exports;
  };
  const own: Require = Object.assign(load, { cache });
  return own;
}

/** The value of each name now. What a program patches in place (`Date.now`, `JSON.parse`) is a copy. */
function globalsAsTheyAre(builtin: (name: string) => unknown): Record<string, unknown> {
  const all = globalThis as unknown as Record<string, unknown>;
  const present: Record<string, unknown> = {};
  for (const name of GLOBALS) if (name in all) present[name] = all[name];
  const now = Date.now.bind(Date);
  return {
    ...present,
    JSON: asItIs(JSON),
    // Numbers of our own: an app that seeds its chance must draw the same ones as without us.
    Math: Object.assign(asItIs(Math), { random: ownRandom(builtin) }),
    Date: new Proxy(Date, { get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)) }),
    performance: ownClock(builtin),
  };
}

/** As `performance`, which to look at loads modules for 2 ms: what an empty program pays most for. Where they are there it is the original. */
function ownClock(builtin: (name: string) => unknown): object {
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

/** Counts from the start of the process, as the original does in a main thread; its origin is as good as `Date.now()`: within half a millisecond. */
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
  // Unknown: whoever looks at it then loads it.
  return moduleLoadList === undefined || moduleLoadList.includes(`NativeModule ${name}`);
}

interface Utilization {
  readonly idle: number;
  readonly active: number;
  readonly utilization: number;
}

/** As Node's, in milliseconds; Node's asks `process.hrtime`, where the app may have put a clock of its own. */
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

function ownRandom(builtin: (name: string) => unknown): () => number {
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

function bindMethods(copy: object, getBuiltinModule: (name: string) => unknown): void {
  Object.defineProperty(copy, 'getBuiltinModule', { value: getBuiltinModule });
  for (const name of PROCESS_METHODS) {
    const method: unknown = Reflect.get(process, name);
    // Windows has no users.
    if (typeof method === 'function') Object.defineProperty(copy, name, { value: (method as () => unknown).bind(process) });
  }
}

/** A copy of the values of these names, above the original for the rest. */
function asItIs(original: object, names = /^\w/): object {
  const copy = Object.create(original) as object;
  for (const name of Object.getOwnPropertyNames(original)) {
    const descriptor = names.test(name) ? Object.getOwnPropertyDescriptor(original, name) : undefined;
    if (descriptor !== undefined && 'value' in descriptor) Object.defineProperty(copy, name, descriptor);
  }
  return copy;
}
