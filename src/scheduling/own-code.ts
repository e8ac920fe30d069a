/** Tells the program's own code from that of packages that it uses. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Up to the package's name, in the innermost `node_modules`; those of a store (`.store/`) lie one folder deeper. */
const PACKAGE = /^.*[\\/]node_modules[\\/](?:[.@][^\\/]+[\\/])?[^\\/]+(?=[\\/])/;
/** Packages remembered. Protects memory from a program that installs and loads packages for ever. */
const MAX_PACKAGES = 1_000;

const known = new Map<string, boolean>();
let mainPackage: string | undefined | false = false;

/**
 * Own code is what lies in no package, in a package that is linked from the workspace, and in the package of the main
 * program, which lies in `node_modules` when it was started by `npx` or installed globally.
 */
export function isOwnCode(file: string): boolean {
  const path = pathOf(file);
  const folder = PACKAGE.exec(path)?.[0];
  if (folder === undefined) return true;
  const before = known.get(folder);
  if (before !== undefined) return before;
  if (mainPackage === false) mainPackage = packageOfMain(process.argv[1]);
  // With `--preserve-symlinks` a package of the workspace is met by its link.
  const isOwn = folder === mainPackage || PACKAGE.exec(`${realPath(folder)}/`) === null;
  if (known.size < MAX_PACKAGES) known.set(folder, isOwn);
  return isOwn;
}

/** Node names the main program as it was started: by a link in `.bin`. */
export function packageOfMain(started: string | undefined): string | undefined {
  return started === undefined ? undefined : PACKAGE.exec(realPath(started))?.[0];
}

function pathOf(file: string): string {
  if (!file.startsWith('file:')) return file;
  try {
    return fileURLToPath(file);
  } catch {
    // No URL of a file of this machine: its text says enough.
    return file;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // ENOENT: inside an archive (Yarn's zip files), or gone.
    return path;
  }
}
