// Writes a file so that a reader sees the old one or the new one, never a half: builds run while tests load dist/.
import { rename, writeFile } from 'node:fs/promises';

/** Writes beside `path` and renames. `mode` as in chmod. */
export async function writeWhole(path: string, contents: string | Uint8Array, mode = 0o644): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  await writeFile(beside, contents, { mode });
  await rename(beside, path);
}
