/** Whether a git has Trace2 events (2.22). Its file tells; a git behind a script is asked later, never while the program waits. */
import { realpathSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { later } from '../../config/originals.ts';
import { readBytes } from '../../config/small-file.ts';
import type { ChildLaunch } from '../../hooks/child-process/index.ts';
import { askLater } from './ask-version.ts';
import { factOf, noteFact, type ProgramFile } from './program-facts.ts';

/** Git programs that are remembered. Protects memory from paths that are made of data. */
const MAX_KNOWN = 16;
const MAX_PATH = 32_768;
/** A git that can trace names this variable, one that cannot names the other one alone. */
const TRACES = Buffer.from('GIT_TRACE2_EVENT');
const IS_GIT = Buffer.from('GIT_TRACE_SETUP');
const SCRIPT = Buffer.from('#!');
/** git's own file has 4 MB. Protects the program from a file without an end. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** After what the program does at its start. */
const ASKED_AFTER_MS = 50;

const known = new Map<string, boolean | undefined>();

/** undefined as long as it is not known. A git that is not there counts as a recent one: it reports nothing at all. */
export function hasTrace2(launch: ChildLaunch, cache: () => string): boolean | undefined {
  const path = launch.environment['PATH'] ?? '';
  const key = `${launch.file}\n${path}`;
  if (known.has(key)) return known.get(key);
  const answer = find(launch, path, cache, (found) => known.set(key, found));
  if (known.size < MAX_KNOWN && key.length <= MAX_PATH) known.set(key, answer);
  return answer;
}

function find(launch: ChildLaunch, path: string, cache: () => string, learnt: (answer: boolean) => void): boolean | undefined {
  const file = fileOf(launch, path);
  if (file === undefined) return true;
  const fact = factOf(cache(), file) ?? note(cache(), file, tracesBy(file));
  if (fact === undefined)
    later(ASKED_AFTER_MS, () => {
      askLater(file.path, 'version', launch, (text) => {
        const answer = canTrace(text);
        learnt(answer);
        note(cache(), file, answer);
      });
    });
  return fact;
}

function note(cache: string, file: ProgramFile, fact: boolean | undefined): boolean | undefined {
  if (fact !== undefined) noteFact(cache, file, fact);
  return fact;
}

function fileOf({ file, cwd }: ChildLaunch, path: string): ProgramFile | undefined {
  const names = process.platform === 'win32' && !/\.\w+$/.test(file) ? [`${file}.exe`, `${file}.cmd`] : [file];
  const folders = /[\\/]/.test(file) ? ['.'] : path.split(delimiter).slice(0, 256);
  for (const folder of folders)
    for (const name of names) {
      const found = resolve(cwd ?? '.', join(folder, name));
      const status = statSync(found, { throwIfNoEntry: false });
      if (status?.isFile() === true && found.length <= 4_096)
        return { path: realpathSync(found), bytes: status.size, changedMs: status.mtimeMs };
    }
  return undefined;
}

/** undefined for what is no git by itself: a script, which may name the variables, too, or a shim. 4 MB are read in some 2 ms. */
function tracesBy({ path }: ProgramFile): boolean | undefined {
  const bytes = readBytes(path, MAX_FILE_BYTES);
  if (bytes === undefined || bytes.subarray(0, 2).equals(SCRIPT) || !bytes.includes(IS_GIT)) return undefined;
  return bytes.includes(TRACES);
}

/** Whether the output of `git version` names one with Trace2 events; true for a text without a version. */
export function canTrace(version: string | null): boolean {
  const match = /^git version (\d+)\.(\d+)/.exec(version ?? '');
  if (match === null) return true;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > 2 || (major === 2 && minor >= 22);
}
