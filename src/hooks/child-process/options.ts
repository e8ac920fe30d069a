/** The options that Node hands to its binding when a child starts, read and copied with what listeners add. */
import { additions, argumentsInstead, faultOfAll, isUnobserved, tell, type Watches } from './launches.ts';

/** The part of Node's internal normalised options that is read here; probed before use. */
export interface SpawnOptions {
  file?: string;
  /** With the program's own name in front (argv[0]). */
  args?: string[];
  cwd?: string | null;
  envPairs?: string[];
  uid?: number;
  gid?: number;
}

/** What the listeners answered, and the options to start with: the same object where nothing is added. Never throws. */
export function prepare(options: SpawnOptions, isSync: boolean): { watches: Watches; given: SpawnOptions } {
  if (isUnobserved()) return { watches: [], given: options };
  try {
    const watches = announce(options, isSync);
    return { watches, given: amended(options, watches) };
  } catch (error) {
    faultOfAll(error);
    return { watches: [], given: options };
  }
}

/** The variables of the last child: most children of a program get the same. */
let known: Pairs = { pairs: [], names: [], environment: {} };

interface Pairs {
  readonly pairs: readonly string[];
  /** Of each pair; empty where it has none. */
  readonly names: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Read once for children that get the same: a pair is compared in less time than it is taken apart. */
function readPairs(pairs: readonly string[]): Pairs {
  const last = known.pairs;
  if (pairs.length === last.length && pairs.every((pair, at) => pair === last[at])) return known;
  const names = pairs.map((pair) => pair.slice(0, Math.max(0, pair.indexOf('='))));
  return (known = { pairs: [...pairs], names, environment: fromPairs(pairs) });
}

/** Options of a shape that is not known here are announced to nobody. */
function announce(options: SpawnOptions, isSync: boolean): Watches {
  if (!Array.isArray(options.envPairs) || typeof options.file !== 'string') return [];
  return tell({
    isSync,
    file: options.file,
    args: options.args?.slice(1) ?? [],
    cwd: options.cwd === undefined || options.cwd === null ? undefined : String(options.cwd),
    environment: readPairs(options.envPairs).environment,
    isOtherUser: isOtherUser(options),
  });
}

/** A copy of Node's options with what the listeners add; the caller's own objects are left as they are. */
function amended(options: SpawnOptions, watches: Watches): SpawnOptions {
  const added = additions(watches);
  const names = Object.keys(added);
  const args = argumentsInstead(watches);
  if ((names.length === 0 && args === undefined) || options.envPairs === undefined) return options;
  const copy = { ...options, envPairs: withAdditions(options.envPairs, added) };
  if (args !== undefined) copy.args = [options.args?.[0] ?? options.file ?? '', ...args];
  return copy;
}

/** A copy of `NAME=value` pairs in which `added` takes the place of what is there; an empty value takes it away. */
export function withAdditions(pairs: readonly string[], added: Readonly<Record<string, string>>): string[] {
  const { names } = readPairs(pairs);
  const given: string[] = [];
  for (let at = 0; at < pairs.length; at += 1) if (!Object.hasOwn(added, names[at] ?? '')) given.push(pairs[at] ?? '');
  for (const [name, value] of Object.entries(added)) if (value !== '') given.push(`${name}=${value}`);
  return given;
}

export function fromPairs(pairs: readonly string[]): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at > 0) environment[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return environment;
}

export function isOtherUser({ uid, gid }: Pick<SpawnOptions, 'uid' | 'gid'>): boolean {
  return (typeof uid === 'number' && uid !== process.getuid?.()) || (typeof gid === 'number' && gid !== process.getgid?.());
}
