/** The environment as this process was started with, before the app could change it: one copy for all bundles. */
import { withLostVariables } from './inherited.ts';

const KEY = Symbol.for('swarmscope.started-with.1');
/** Under this key threads started later find what of it concerns us: they may have an environment of their own. */
const THREAD_KEY = 'swarmscope.started-with.1';
/** What settings, folders and joining a run are read from. */
const OURS = /^(?:SWARMSCOPE_|OTEL_|XDG_|GIT_TRACE2_|NODE_EXTRA_CA_CERTS$|HOME$|USERPROFILE$|TMPDIR$|TRACEPARENT$|TRACESTATE$)/;

type Environment = Readonly<Record<string, string | undefined>>;
type Holder = { [KEY]?: Environment };

function firstCopy(): Environment {
  const known = (globalThis as Holder)[KEY];
  if (known !== undefined) return known;
  const value: Environment = withLostVariables({ ...(toldToThread(THREAD_KEY) as Environment | undefined), ...process.env });
  Object.defineProperty(globalThis, KEY, { value, configurable: true, enumerable: false, writable: false });
  return value;
}

export const startedWith: Environment = firstCopy();

/** To be called where `node:worker_threads` is loaded anyway. */
export function tellThreads(): void {
  const ours = Object.entries(startedWith).filter(([name]) => OURS.test(name));
  process.getBuiltinModule('node:worker_threads').setEnvironmentData(THREAD_KEY, Object.fromEntries(ours));
}

/** What the main thread left for threads under `key`; undefined in a main thread. */
export function toldToThread(key: string): unknown {
  const loaded = (process as { moduleLoadList?: readonly string[] }).moduleLoadList ?? [];
  // Only a thread has it; loading `node:worker_threads` would take a main thread 5 ms.
  if (!loaded.includes('NativeModule internal/process/worker_thread_only')) return undefined;
  return process.getBuiltinModule('node:worker_threads').getEnvironmentData(key);
}

/** The environment as it is now: what a child that names none of its own would get. */
export function liveEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
