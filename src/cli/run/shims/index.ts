/**
 * A private folder in front of PATH with a script for `claude`, `codex` and `tmux`, where these are installed. A bonus: a
 * login shell sets PATH anew, and an absolute path goes past it.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { makeOwnFolder } from '../../../config/private-folder.ts';
import { SENDER_VARIABLES } from '../../../config/run-environment/index.ts';
import { writeWhole } from '../../../config/write-whole.ts';
import { PROBE_NAME } from '../../../programs/known.ts';
import { shimScripts, type ShimFacts } from './scripts.ts';

export interface ShimOptions extends Omit<ShimFacts, 'folder' | 'carried'> {
  /** Of the run; the scripts go with it. */
  readonly runFolder: string;
  /** What the program gets, `PATH` among it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of those in it that lead to the gateway. Default: none. */
  readonly gateway?: readonly string[];
  /** Those that are wanted, by name. */
  readonly wanted: readonly string[];
}

const FOLDER = 'bin';
/** A shell takes some milliseconds; more than this is a folder that cannot be used. */
const PROBE_MS = 5_000;
/** By these a process belongs to the run. PATH stays that of the user's tmux. */
const CARRIED = /^(?:TRACEPARENT|TRACESTATE|NODE_OPTIONS|SWARMSCOPE_\w+|GIT_TRACE2_\w+)$/;
const isCarried = (name: string): boolean => CARRIED.test(name) || SENDER_VARIABLES.includes(name);

/** What the program's environment gains: its `PATH`, or nothing where no script is of use. Never throws. */
export function makeShims({ runFolder, environment, gateway = [], wanted, ...facts }: ShimOptions): Record<string, string> {
  const path = environment['PATH'] ?? '';
  if (process.platform === 'win32' || path === '') return {};
  const folder = join(runFolder, FOLDER);
  if (folder.includes(delimiter)) return {};
  const carried = Object.keys(environment).filter((name) => isCarried(name) || gateway.includes(name));
  const scripts = Object.entries(shimScripts({ ...facts, folder, carried })).filter(
    ([name]) => wanted.includes(name) && isInstalled(name, path),
  );
  if (scripts.length === 0) return {};
  try {
    makeOwnFolder(folder);
    for (const [name, text] of [...scripts, [PROBE_NAME, '#!/bin/sh\nexit 0\n']] as const) {
      writeWhole(join(folder, name), text);
      chmodSync(join(folder, name), 0o700);
    }
    // On a file system that executes nothing, each of them would fail in the place of the real program.
    // Below another run, that one's preload leaves it alone.
    execFileSync(join(folder, PROBE_NAME), { stdio: 'ignore', timeout: PROBE_MS, env: { SWARMSCOPE_DISABLED: 'true' } });
    return { PATH: `${folder}${delimiter}${path}` };
  } catch {
    // The temporary folder executes nothing, or is full: programs are found where they were.
    return {};
  }
}

/** A name that nobody has installed must not be found. */
function isInstalled(name: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    const file = join(isAbsolute(folder) ? folder : join(process.cwd(), folder), name);
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      // ENOENT, EACCES
      return false;
    }
  });
}
