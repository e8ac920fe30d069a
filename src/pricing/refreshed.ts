/** The table that `swarmscope prices refresh` has fetched: a private file in the cache folder, in place of the built-in one. */
import { join } from 'node:path';
import { cacheFolder } from '../config/folders.ts';
import type { Settings } from '../config/settings/index.ts';
import { readPrivate, statusOf } from '../config/small-file.ts';
import { isPackedTable } from './check.ts';
import { tableVersion as builtInVersion } from './generated/table.ts';
import type { PackedProvider } from './packed.ts';

/** The built-in table has 45 KB; protects from a file that is something else. */
const MAX_BYTES = 1_048_576;
const FORMAT = 1;

/** Where the user's files are. Without them there is no fetched table. */
export type Places = Pick<Settings, 'cacheFolder' | 'stateFolder' | 'dataFolder' | 'home'>;

export interface RefreshedTable {
  readonly version: string;
  /** The address or the file that it came from. */
  readonly source: string;
  readonly providers: readonly PackedProvider[];
}

export interface Refreshed {
  readonly table?: RefreshedTable;
  /** Why a file that is there is not used. */
  readonly problem?: string;
}

export function refreshedPath(places: Places): string {
  return join(cacheFolder(places), 'prices.json');
}

/** The text of the file. It says for which built-in table it was made: a newer package brings a newer table itself. */
export function refreshedText(table: RefreshedTable): string {
  return `${JSON.stringify({ format: FORMAT, insteadOf: builtInVersion, ...table })}\n`;
}

/** Never throws. */
export function readRefreshed(places: Places): Refreshed {
  const path = refreshedPath(places);
  const bytes = readPrivate(path, MAX_BYTES);
  if (bytes === undefined) return statusOf(path) === undefined ? {} : { problem: 'no private file of this user, or too large' };
  let document: unknown;
  try {
    document = JSON.parse(bytes.toString('utf8'));
  } catch {
    return { problem: 'invalid JSON' };
  }
  const { format, insteadOf, version, source, providers } = (document ?? {}) as Record<string, unknown>;
  if (format !== FORMAT || insteadOf !== builtInVersion) return { problem: 'fetched for another version of swarmscope' };
  if (typeof version !== 'string' || version === '' || version.length > 128 || typeof source !== 'string' || !isPackedTable(providers))
    return { problem: 'no table of prices' };
  return { table: { version, source, providers } };
}
