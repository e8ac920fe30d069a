// Makes the virtual environment of this project once per version, in the user's cache folder.
import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cacheFolder } from '../../tools/cache-folder.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/**
 * Path of a Python that has what the file names (default: requirements.txt beside this one); some 40 MB from the registry
 * the first time. Throws with pip's words, and says what to install where `python3 -m venv` is not to be had.
 */
export function installPython(requirements = REQUIREMENTS): string {
  const hash = createHash('sha256').update(readFileSync(requirements)).update(`${process.platform}-${process.arch}`);
  const folder = cacheFolder('python', hash.digest('hex').slice(0, 16));
  const python = join(folder, 'bin', 'python');
  if (!existsSync(python)) install(folder, requirements);
  return python;
}

/** A virtual environment holds its own path: the link appears, by one rename, when all is there. */
function install(folder: string, requirements: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(join(dirname(folder), 'env-'));
  const quiet: ExecFileSyncOptions = { stdio: ['ignore', 'pipe', 'pipe'] };
  try {
    execFileSync('python3', ['-m', 'venv', fresh], quiet);
    execFileSync(join(fresh, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', requirements], quiet);
    symlinkSync(basename(fresh), `${fresh}.link`);
    renameSync(`${fresh}.link`, folder);
  } catch (cause) {
    rmSync(fresh, { recursive: true, force: true });
    const how = "Debian's python3-venv, and a Python package registry that can be reached";
    throw new Error(`The Python packages of the tests could not be installed; they need ${how}.`, { cause });
  }
}
