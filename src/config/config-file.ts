/** `swarmscope.config.json`: what is no text and so no environment variable. Read by the root of a run, which watches it. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isWithin } from './json-bounds.ts';
import { readBytes } from './small-file.ts';

export const CONFIG_FILE = 'swarmscope.config.json';
/** Protects a program from a huge file in its place. */
const MAX_BYTES = 1_048_576;
/** Protects from a small file that becomes a huge object. */
const BOUNDS = { depth: 32, members: 100_000 };

export interface ConfigFile {
  readonly budgets?: unknown;
  /** See declared-functions.ts. */
  readonly functions?: unknown;
  /** See policies/read.ts. */
  readonly policies?: unknown;
}

/** All that may stand in the file; `$schema` is for editors. */
export const CONFIG_MEMBERS: readonly string[] = ['budgets', 'functions', 'policies', '$schema'];

/** `problem`: what stands there instead of a JSON object. */
export type ConfigRead = { readonly config: ConfigFile } | { readonly problem: string };

/** undefined: there is none in `folder`. A link is followed, and nothing but a regular file is opened. Never throws. */
export function readConfigFile(folder: string): ConfigRead | undefined {
  const path = join(folder, CONFIG_FILE);
  const bytes = readBytes(path, MAX_BYTES);
  if (bytes === undefined) return inItsPlace(path);
  if (!isWithin(bytes, BOUNDS)) return { problem: 'a text of too many values' };
  try {
    const config: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof config === 'object' && config !== null && !Array.isArray(config) ? { config } : { problem: 'something else' };
  } catch {
    // Half written, or not JSON at all.
    return { problem: 'a text that is no JSON' };
  }
}

function inItsPlace(path: string): ConfigRead | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    if (!found.isFile()) return { problem: 'something that is no regular file' };
    return { problem: found.size > MAX_BYTES ? `more than ${MAX_BYTES} bytes` : 'a file that cannot be read' };
  } catch {
    // ELOOP, EACCES: a link that leads nowhere, or a folder that we may not enter.
    return { problem: 'something that cannot be read' };
  }
}
