/** Folders that a bench makes for the time that it runs: none outlives it, also where it is broken off. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set<string>();

/** A new folder; its name begins with `prefix`, an absolute path. */
export function temporaryFolder(prefix = join(tmpdir(), 'swarmscope-bench-')): string {
  const folder = mkdtempSync(prefix);
  folders.add(folder);
  return folder;
}

/** Removes those that were made so far. */
export function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}
