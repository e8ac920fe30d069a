/** Gives the preload to threads that would not inherit it: with an environment or flags of their own, or code as text. */
import { existsSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { liveEnvironment, tellThreads } from '../../config/started-with.ts';
import { subscribeBuiltin } from '../module-load.ts';
import { withoutLostFlags, withoutLostOptions } from './lost-preload.ts';

interface WorkerOptions {
  readonly env?: unknown;
  readonly execArgv?: unknown;
  readonly eval?: unknown;
}
type Environment = Readonly<Record<string, unknown>>;
type WorkerClass = new (...args: unknown[]) => object;

/** Our preload in the words of a thread, by bare name or path; and as an import, which code given as text overtakes. */
const REQUIRED = /(?:--require|-r)[ =]"?[^ ]*(?:swarmscope[\\/]register|[\\/]register\.cjs)/;
const IMPORTED = /--import[ =]"?[^ ]*(?:swarmscope[\\/]register|[\\/]register\.cjs|data:text\/javascript;swarmscope;)/;
/** Before the file's name in a word of ours, by which the thread knows it: no user writes a path like this. */
const MARK = '/./';

export interface PreloadPlace {
  /** Where the preload lies that this thread or process was started with. */
  readonly first: string;
  /** Where it lies now, as it was: there, or in a private copy; undefined where it is gone. */
  now(): string | undefined;
  /** A thread was made. */
  started(): void;
  /** A thread was made without the preload, since there is none any more. */
  lost(): void;
}

/** A thread whose flags lead to a preload that is gone would end at its start: it gets the one that is there, or none. */
export function watchNewThreads(place: PreloadPlace): void {
  hideOwnWords(`${place.first}${MARK}register.cjs`);
  const folder = currentFolder();
  subscribeBuiltin('worker_threads', () => {
    tellThreads();
    const module = process.getBuiltinModule('node:worker_threads') as unknown as { Worker: WorkerClass };
    const { Worker } = module;
    const instead = new Proxy(Worker, {
      construct(original, args: unknown[], newTarget) {
        quietly(() => place.started());
        for (const options of attempts(place, folder, args[1])) {
          try {
            return Reflect.construct(original, [args[0], options, ...args.slice(2)], newTarget) as object;
          } catch (error) {
            // Node takes from a thread what it gave to the process itself, V8's flags for one.
            if ((error as { code?: unknown } | undefined)?.code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
          }
        }
        return Reflect.construct(original, args, newTarget) as object;
      },
    });
    module.Worker = instead;
    Object.defineProperty(Worker.prototype, 'constructor', { value: instead });
    syncBuiltinESMExports();
  });
}

/** Options to try before those of the app. Never throws. */
function attempts(place: PreloadPlace, folder: string | undefined, options: unknown): WorkerOptions[] {
  try {
    if (options !== undefined && options !== null && !isObject(options)) return [];
    const now = place.now();
    const preload = now === undefined ? undefined : `${now}${MARK}register.cjs`;
    const given: WorkerOptions = options ?? {};
    // Node looks for a bare name from the folder in which the process is.
    const isBareLost = now !== place.first || folder !== currentFolder();
    const mended = withoutLost(given, preload, (name) => (/^swarmscope|^\./.test(name) ? isBareLost : !existsSync(name)));
    if (mended === undefined) return preload === undefined ? [] : attemptsWith(preload, given);
    if (preload === undefined) place.lost();
    return [mended];
  } catch {
    // A getter of the app throws: it will do so for Node, too.
    return [];
  }
}

/** The options with flags and NODE_OPTIONS that can be followed; undefined where they can be as they are. */
function withoutLost(options: WorkerOptions, preload: string | undefined, isLost: (name: string) => boolean): WorkerOptions | undefined {
  const flags: readonly unknown[] = Array.isArray(options.execArgv) ? options.execArgv : process.execArgv;
  const variables = isObject(options.env) ? options.env : liveEnvironment();
  const given = typeof variables['NODE_OPTIONS'] === 'string' ? variables['NODE_OPTIONS'] : '';
  const keptFlags = withoutLostFlags(flags, isLost);
  const keptOptions = withoutLostOptions(given, isLost);
  if (keptFlags === flags && keptOptions === given.trim()) return undefined;
  return {
    ...options,
    execArgv: preload === undefined ? keptFlags : [...keptFlags, '--require', preload],
    // A thread that shares its variables with this one keeps them.
    ...(keptOptions === given.trim() || typeof options.env === 'symbol' ? {} : { env: { ...variables, NODE_OPTIONS: keptOptions } }),
  };
}

/** undefined where it was removed. */
function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    // ENOENT
    return undefined;
  }
}

function attemptsWith(preload: string, options: WorkerOptions): WorkerOptions[] {
  const { env, execArgv, eval: isText } = options;
  const flags: unknown[] | undefined = Array.isArray(execArgv) ? execArgv : undefined;
  // As in Node: anything but an object (`SHARE_ENV`, nothing) means the variables of this thread.
  const own = isObject(env) ? env : undefined;
  if (flags === undefined && own === undefined && isText !== true) return [];
  const variables = own ?? liveEnvironment();
  const given = typeof variables['NODE_OPTIONS'] === 'string' ? variables['NODE_OPTIONS'] : '';
  const words = [...(flags ?? process.execArgv), given].join(' ');
  if (REQUIRED.test(words) || (isText !== true && IMPORTED.test(words)) || !existsSync(preload)) return [];
  const byFlag = { ...options, execArgv: [...(flags ?? process.execArgv), '--require', preload] };
  if (flags !== undefined || typeof env === 'symbol') return [byFlag];
  return [byFlag, { ...options, env: { ...variables, NODE_OPTIONS: `${given} ${wordOf(preload)}`.trim() } }];
}

const isObject = (value: unknown): value is Environment => typeof value === 'object' && value !== null;

const wordOf = (preload: string): string => `--require "${preload.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** In a thread that got our words: the program reads its flags and variables as it gave them. */
function hideOwnWords(preload: string): void {
  const { execArgv } = process;
  if (execArgv.at(-1) === preload) execArgv.splice(-2, 2);
  const live = liveEnvironment();
  const options = live['NODE_OPTIONS'];
  if (options?.endsWith(wordOf(preload)) !== true) return;
  const kept = options.slice(0, -wordOf(preload).length).trim();
  if (kept === '') delete live['NODE_OPTIONS'];
  else live['NODE_OPTIONS'] = kept;
}

function quietly(fn: () => void): void {
  try {
    fn();
  } catch {
    // What threads hang below could not be told: the thread is made all the same.
  }
}
