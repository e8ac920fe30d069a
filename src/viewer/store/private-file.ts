/** Makes the file of a run, for its owner alone, and the folders that it lies in. */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { makeOwnFolders } from '../../config/private-folder.ts';

export function makePrivateFile(path: string): void {
  const folder = dirname(path);
  const runs = dirname(folder);
  makeOwnFolders(dirname(runs), [basename(runs), basename(folder)]);
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}
