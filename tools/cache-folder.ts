/** Where tools and tests keep what they fetch or build: the user's cache folder, never the checkout. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { env } from 'node:process';

/** `${XDG_CACHE_HOME:-~/.cache}/swarmscope/...names`; not made. */
export function cacheFolder(...names: readonly string[]): string {
  const given = env['XDG_CACHE_HOME'] ?? '';
  // The XDG specification: a relative path is ignored.
  return join(isAbsolute(given) ? given : join(homedir(), '.cache'), 'swarmscope', ...names);
}
