/** Gives the preload to threads that would not inherit it: with an environment or flags of their own, or code as text. */
import { existsSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { liveEnvironment, tellThreads } from '../../config/started-with.ts';
import { subscribeBuiltin } from '../module-load.ts';

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

/** `folder` is where the preload lies. A thread is made as the app made it where the file is gone: it would end it. */
export function watchNewThreads(folder: string): void {
  const preload = `${folder}${MARK}register.cjs`;
  hideOwnWords(preload);
  subscribeBuiltin('worker_threads', () => {
    tellThreads();
    const module = process.getBuiltinModule('node:worker_threads') as unknown as { Worker: WorkerClass };
    const { Worker } = module;
    const instead = new Proxy(Worker, {
      construct(original, args: unknown[], newTarget) {
        for (const options of attempts(preload, args[1])) {
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
function attempts(preload: string, options: unknown): WorkerOptions[] {
  try {
    return isObject(options) ? attemptsWith(preload, options) : [];
  } catch {
    // A getter of the app throws: it will do so for Node, too.
    return [];
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
