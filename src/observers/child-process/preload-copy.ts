/** The private copy of the preload that children load: no `npm ci` removes it, and it is found from any folder. */
import { chmodSync, copyFileSync, existsSync, lstatSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makePrivateFolder } from '../../config/private-folder.ts';

/** The files of the preload; `register.cjs` loads the others from its own folder. */
const FILES = [
  'register.cjs',
  'arming.cjs',
  'observers.cjs',
  'recorder.cjs',
  'assembly.cjs',
  'exit-sender.cjs',
  'machine.cjs',
  'prices.cjs',
];

export interface PreloadCopy {
  /** Its `register.cjs`. */
  readonly copy: string;
  /** A file of another size is not the one that was copied. */
  readonly bytes: number;
}

/** Copies `from` to a folder named by content, whole and 0700. Throws when that fails or when others can change it. */
export function preloadCopy(from: string, cache: string, version: string): PreloadCopy {
  const base = join(cache, 'preload');
  if (dirname(from) === base) return inFolder(from);
  const present = FILES.filter((file) => existsSync(join(from, file)));
  // Loaded late, since it takes 5 ms: only processes that start children need it.
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  for (const file of present) hash.update(readFileSync(join(from, file)));
  const target = join(base, `${version}-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(join(target, 'register.cjs'))) {
    makePrivateFolder(base);
    const fresh = mkdtempSync(join(base, '.new-'));
    for (const file of present) copyFileSync(join(from, file), join(fresh, file));
    chmodSync(fresh, 0o700);
    try {
      renameSync(fresh, target);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      // Another process was faster: a copy of this name has the same content.
      if (!existsSync(join(target, 'register.cjs'))) throw error;
    }
  }
  assertPrivate(target);
  return inFolder(target);
}

function inFolder(folder: string): PreloadCopy {
  const copy = join(folder, 'register.cjs');
  return { copy, bytes: statSync(copy).size };
}

function assertPrivate(folder: string): void {
  const status = lstatSync(folder);
  const isOurs = process.getuid === undefined || status.uid === process.getuid();
  const isClosed = process.platform === 'win32' || (status.mode & 0o022) === 0;
  if (!status.isDirectory() || !isOurs || !isClosed) throw new Error('the private copy of the preload can be changed by others');
}
