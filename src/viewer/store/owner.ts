/** The folder of one stored run: made for one run alone, with its place in the order of runs and the process it is of. */
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeOwnFolders } from '../../config/private-folder.ts';
import { lifeOf, ownMark, readMark, type Life } from '../../config/process-mark.ts';
import { readPrivate } from '../../config/small-file.ts';
import { writeWhole } from '../../config/write-whole.ts';

const OWNER_FILE = 'owner.json';
const MAX_OWNER_BYTES = 4_096;

export interface Owner {
  /** Grows with each run that is started, whatever the clock says; 0 for runs of older versions. */
  readonly sequence: number;
  /** Of the process that writes the run. */
  readonly life: Life;
}

/**
 * Makes the folder of a run that nobody else has. False: another run has this id. A folder that cannot be made is no
 * fault of the id: opening the store says why.
 */
export function claimRunFolder(runsFolder: string, id: string): boolean {
  const folder = join(runsFolder, id);
  try {
    makeOwnFolders(dirname(runsFolder), [basename(runsFolder)]);
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EEXIST';
  }
  try {
    const sequence = 1 + Math.max(0, ...readdirSync(runsFolder).map((name) => readOwner(join(runsFolder, name)).sequence));
    writeWhole(join(folder, OWNER_FILE), JSON.stringify({ sequence, ...ownMark() }));
  } catch {
    // A full disk: the run is ordered by its start, as those of older versions are.
  }
  return true;
}

export function readOwner(runFolder: string): Owner {
  const text = readPrivate(join(runFolder, OWNER_FILE), MAX_OWNER_BYTES)?.toString('utf8');
  const mark = text === undefined ? undefined : readMark(text);
  if (text === undefined || mark === undefined) return { sequence: 0, life: 'unknown' };
  const { sequence } = JSON.parse(text) as { sequence?: unknown };
  return { sequence: Number.isSafeInteger(sequence) ? (sequence as number) : 0, life: lifeOf(mark) };
}
