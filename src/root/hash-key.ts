/** The key of the hashes of content: one for a run, kept in its folder, never exported and never in an environment. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readPrivate } from '../config/small-file.ts';
import { writeWhole } from '../config/write-whole.ts';

const HASH_KEY_FILE = 'hash-key';
const KEY_BYTES = 32;

export function newHashKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** Throws what the file system throws. */
export function keepHashKey(folder: string, key: Uint8Array): void {
  writeWhole(join(folder, HASH_KEY_FILE), Buffer.from(key));
}

/** What the root left; undefined where there is none, as from an older version. */
export function readHashKey(folder: string): Buffer | undefined {
  const key = readPrivate(join(folder, HASH_KEY_FILE), KEY_BYTES);
  return key?.length === KEY_BYTES ? key : undefined;
}
