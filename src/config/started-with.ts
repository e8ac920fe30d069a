/** The environment as this process was started with, before the app could change it: one copy for all bundles. */
import { withLostVariables } from './inherited.ts';

const KEY = Symbol.for('swarmscope.started-with.1');

type Environment = Readonly<Record<string, string | undefined>>;
type Holder = { [KEY]?: Environment };

function firstCopy(): Environment {
  const known = (globalThis as Holder)[KEY];
  if (known !== undefined) return known;
  const value = withLostVariables({ ...process.env });
  Object.defineProperty(globalThis, KEY, { value, configurable: true, enumerable: false, writable: false });
  return value;
}

export const startedWith: Environment = firstCopy();

/** The environment as it is now: what a child that names none of its own would get. */
export function liveEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
