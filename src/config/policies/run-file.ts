/** The policies of a run in its folder: what a process that starts now finds there. */
import { join } from 'node:path';
import { readPrivate } from '../small-file.ts';
import { writeWhole } from '../write-whole.ts';
import { readState } from './read.ts';
import type { PolicyState } from './types.ts';

const FILE = 'policies';
const MAX_BYTES = 65_536;

/** undefined: none were ever set in this run. Never throws. */
export function readRunPolicies(runFolder: string): PolicyState | undefined {
  const text = runFolder === '' ? undefined : readPrivate(join(runFolder, FILE), MAX_BYTES)?.toString('utf8');
  if (text === undefined) return undefined;
  try {
    return readState(JSON.parse(text));
  } catch {
    // Not ours.
    return undefined;
  }
}

/** Throws what the file system throws. */
export function writeRunPolicies(runFolder: string, state: PolicyState): void {
  writeWhole(join(runFolder, FILE), JSON.stringify(state));
}
