/** Trees of files as the kernel shows them in `/sys`. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freshFolder } from '../../harness/index.ts';

/** A folder like `/sys` with these files; `card0/device` is a link to the place on the bus, as in the kernel's. */
export function sysTree(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}): string {
  const root = freshFolder('sys');
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    mkdirSync(join(root, target), { recursive: true });
    symlinkSync(join(root, target), join(root, path));
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  return root;
}
