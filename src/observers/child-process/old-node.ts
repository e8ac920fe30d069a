/**
 * Whether a launch runs a Node that is too old for the preload. Such a Node refuses `--import` in NODE_OPTIONS and ends
 * (below 18.18), or runs a CommonJS program by its other loader (below 22.15): what is known to be old is given nothing.
 */
import { realpathSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { isNodeRecentEnough } from '../../config/node-version.ts';
import type { ChildLaunch } from '../../hooks/child-process/index.ts';
import { askVersion } from './ask-version.ts';
import { visibleCommands } from '../../programs/launch-words.ts';

/** Programs that are remembered. Protects memory from paths that are made of data. */
const MAX_KNOWN = 64;
const MAX_PATH = 32_768;

const NODE = /(?:^|[\\/])node(?:js)?(?:\.exe)?$/;
/** `nvm use 16`, `fnm exec --using=v18.1 node x`, `npx -p node@16 node x`. */
const SWITCH = /^(?:nvm|fnm|volta|asdf|mise|nodenv)$/;
const NUMBER = /^(?:--(?:using|node)=|(?:node|nodejs)@)?v?(\d{1,2})(?:\.\d+){0,2}$/;
const PINNED = /^node@v?(\d{1,2})(?:\.\d+){0,2}$/;

const versions = new Map<string, string | undefined>();
const onPath = new Map<string, string | undefined>();

/** The version of the old Node, as far as it is known: `20.20.2`, or `16` where a word names no more. */
export function oldNodeOf(launch: ChildLaunch): string | undefined {
  const commands = visibleCommands(launch);
  for (const words of commands) {
    const switched = switchedTo(words);
    if (switched !== undefined && Number(switched) < 22) return switched;
  }
  const named = commands.flat().filter((word) => /[\\/]/.test(word) && NODE.test(word));
  const isByPath = named.length === 0 || commands.some((words) => words.some((word) => !/[\\/]/.test(word) && NODE.test(word)));
  const files = [...named.map((word) => resolve(launch.cwd ?? '.', word)), ...(isByPath ? [nodeOnPath(launch)] : [])];
  for (const file of files) {
    const version = file === undefined ? undefined : versionOf(file, launch);
    if (version !== undefined && !isNodeRecentEnough(version)) return version;
  }
  return undefined;
}

function switchedTo(words: readonly string[]): string | undefined {
  const isSwitch = words.some((word) => SWITCH.test(word));
  for (const word of words) {
    const found = (isSwitch ? NUMBER : PINNED).exec(word)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

function nodeOnPath({ environment, cwd }: ChildLaunch): string | undefined {
  const path = environment['PATH'] ?? '';
  if (onPath.has(path)) return onPath.get(path);
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const found = path
    .split(delimiter)
    .map((folder) => resolve(cwd ?? '.', join(folder, name)))
    .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
  if (onPath.size < MAX_KNOWN && path.length <= MAX_PATH) onPath.set(path, found);
  return found;
}

/** Our own Node is known; another one is asked once, in some 10 ms. One that does not answer is none. */
function versionOf(file: string, launch: ChildLaunch): string | undefined {
  if (versions.has(file)) return versions.get(file);
  const version = ask(file, launch);
  if (versions.size < MAX_KNOWN) versions.set(file, version);
  return version;
}

function ask(file: string, { environment, cwd }: ChildLaunch): string | undefined {
  try {
    if (realpathSync(file) === realpathSync(process.execPath)) return process.versions.node;
  } catch {
    // It is not there, and the launch will fail by itself.
    return undefined;
  }
  const { NODE_OPTIONS: _options, ...rest } = environment;
  const stdout = askVersion(file, '--version', { environment: rest, cwd });
  return /^v(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1];
}
