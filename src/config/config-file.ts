/** `swarmscope.config.json`: what is no text and so no environment variable. Read once, by the root of a run. */
import { join } from 'node:path';
import { readSmall } from './small-file.ts';

export const CONFIG_FILE = 'swarmscope.config.json';
/** Protects the start of a program from a huge file in its place. */
const MAX_BYTES = 1_048_576;

export interface ConfigFile {
  readonly budgets?: unknown;
  /** See declared-functions.ts. */
  readonly functions?: unknown;
}

export type ConfigRead = { readonly config: ConfigFile } | { readonly problem: string };

/** undefined: there is none in `folder`. Never throws. */
export function readConfigFile(folder: string): ConfigRead | undefined {
  const text = readSmall(join(folder, CONFIG_FILE), MAX_BYTES)?.text;
  if (text === undefined) return undefined;
  try {
    const config: unknown = JSON.parse(text);
    return typeof config === 'object' && config !== null && !Array.isArray(config) ? { config } : { problem: 'something else' };
  } catch {
    // Half written, or not JSON at all.
    return { problem: 'a text that is no JSON' };
  }
}
