/** The libraries of a program that are known and were loaded, for `doctor`: by the files that the hook on modules saw. */
import { fileURLToPath } from 'node:url';
import { readSmall } from '../config/small-file.ts';

export interface FoundLibrary {
  readonly name: string;
  /** Empty where its package.json does not tell it. */
  readonly version: string;
  /** Of the catalogue. */
  readonly observer: string;
}

/** The innermost package on a path. */
const PACKAGE = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/]/;
const MAX_BYTES = 1_048_576;
/** Read once each: a status is written every second. */
const versions = new Map<string, string>();

export function librariesOf(found: ReadonlyMap<string, string>): FoundLibrary[] {
  const libraries = new Map<string, FoundLibrary>();
  for (const [place, module] of found) {
    const [, folder, name] = PACKAGE.exec(pathOf(place)) ?? [];
    if (folder === undefined || name === undefined) continue;
    const library = { name: name.replaceAll('\\', '/'), version: versionIn(folder), observer: module.replace(/\..*$/, '') };
    libraries.set(`${library.name} ${library.version}`, library);
  }
  return [...libraries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function pathOf(place: string): string {
  try {
    return place.startsWith('file:') ? fileURLToPath(place) : place;
  } catch {
    // No file of this machine.
    return place;
  }
}

function versionIn(folder: string): string {
  const known = versions.get(folder);
  if (known !== undefined) return known;
  let version: unknown;
  try {
    version = (JSON.parse(readSmall(`${folder}/package.json`, MAX_BYTES)?.text ?? '{}') as { version?: unknown }).version;
  } catch {
    // No JSON.
  }
  const text = typeof version === 'string' ? version.slice(0, 64) : '';
  versions.set(folder, text);
  return text;
}
