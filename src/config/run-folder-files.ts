/** Folders of runs: where they are, and what processes leave in them for whoever reads the run. */
import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { temporaryFolder } from './folders.ts';
import { ENVIRONMENT_FILE } from './inherited.ts';
import { readPrivate } from './small-file.ts';

/** In the run's folder: requests that the run's receiver could not take. */
export const RUN_SPOOL = 'spool';
/** In the run's folder: a file for each process that records, with its counts. */
export const RUN_LEDGERS = 'ledgers';

/** Both, of the folder of one run. */
export const leftIn = (folder: string): string[] => [join(folder, RUN_SPOOL), join(folder, RUN_LEDGERS)];

/** Protects from a huge file in place of the one with the run's variables. */
const MAX_BYTES = 16_384;
/** Protects from a temporary folder with thousands of dead runs. */
const MAX_LOOKED_AT = 1_000;

/** The folder below the temporary folder that holds the folders of this user's runs. */
export const parentOfRuns = (): string => `swarmscope-${process.getuid?.() ?? 'user'}`;

/** Folders of this user's runs, also of those whose root was killed, with the id that the root wrote there. */
export function foldersOfRuns(base: string = temporaryFolder()): { readonly path: string; readonly runId: string }[] {
  const made = [...pathsIn(join(base, parentOfRuns())), ...pathsIn(base).filter((path) => /[\\/]swarmscope-\w{6}$/.test(path))];
  return made.flatMap((path) => {
    const runId = runIdIn(path);
    return typeof runId === 'string' ? [{ path, runId }] : [];
  });
}

function runIdIn(path: string): unknown {
  try {
    const text = readPrivate(join(path, ENVIRONMENT_FILE), MAX_BYTES)?.toString('utf8');
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>)['SWARMSCOPE_RUN_ID'];
  } catch {
    // Cut off by a full disk.
    return undefined;
  }
}

function pathsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .slice(0, MAX_LOOKED_AT)
      .map((name) => join(folder, name));
  } catch {
    // No run was ever made below it.
    return [];
  }
}
