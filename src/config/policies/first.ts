/** The policies that are in force when a process records its first event. */
import { readConfigFile } from '../config-file.ts';
import { RUN_KEY } from '../thread-channel.ts';
import { toldToThread } from '../started-with.ts';
import { policiesIn } from './in-config.ts';
import { readRunPolicies } from './run-file.ts';
import type { PolicyState } from './types.ts';

/** Those of the run, where it has some; else those of the config file, which this process then leads. Never throws. */
export function firstPolicies(
  { SWARMSCOPE_RUN_DIR = '' }: Readonly<Record<string, string | undefined>>,
  observers: readonly string[],
): PolicyState | undefined {
  const told = toldToThread(RUN_KEY);
  const folder = typeof told === 'string' ? told : SWARMSCOPE_RUN_DIR;
  return readRunPolicies(folder) ?? (folder === '' ? configured(observers) : undefined);
}

function configured(observers: readonly string[]): PolicyState | undefined {
  try {
    const found = readConfigFile(process.cwd());
    if (found === undefined || !('config' in found) || found.config.policies === undefined) return undefined;
    const read = policiesIn(found.config, observers);
    // The version that the root gives it.
    return read.policies && { version: 1, policies: read.policies };
  } catch {
    // The working folder was removed.
    return undefined;
  }
}
