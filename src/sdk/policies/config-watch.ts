/** Tells when `swarmscope.config.json` may have changed: at once where the system tells it, and by a look now and then elsewhere. */
import { statSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FILE } from '../../config/config-file.ts';
import { cancel, later, outside, type Timer } from '../../config/originals.ts';

/** Watching is blind on network file systems and some mounts of containers, and where no watch is to be had. */
const LOOK_MS = 1_000;
/** An editor writes in several steps; one look is enough for all of them. */
const SETTLE_MS = 5;

export interface ConfigWatchOptions {
  readonly folder: string;
  /** The folder is watched also while there is no such file. A user's program is not woken by what happens in its folder. */
  readonly isEager: boolean;
  readonly onChange: () => void;
}

export interface ConfigWatch {
  stop(): void;
}

/** Of the folder, so that a file that is renamed into place is seen, and a link whose target is exchanged. Holds nothing alive. */
export function watchConfig({ folder, isEager, onChange }: ConfigWatchOptions): ConfigWatch {
  const path = join(folder, CONFIG_FILE);
  let known = identityOf(path);
  let watcher: FSWatcher | undefined;
  let settling: Timer | undefined;
  let timer: Timer | undefined;

  function look(): void {
    settling = undefined;
    const found = identityOf(path);
    if (found === known) return;
    known = found;
    if (found !== undefined) onChange();
    begin();
  }

  function begin(): void {
    if (watcher !== undefined || (known === undefined && !isEager)) return;
    try {
      const made = outside(() => watch(folder, { persistent: false }, () => (settling ??= later(SETTLE_MS, look))));
      made.on('error', () => end(made));
      watcher = made;
    } catch {
      // ENOSPC, EMFILE: no watch is left on this machine.
    }
  }

  function end(made: FSWatcher): void {
    made.close();
    if (watcher === made) watcher = undefined;
  }

  function lookLater(): void {
    timer = later(LOOK_MS, () => {
      lookLater();
      look();
    });
  }

  begin();
  lookLater();
  return {
    stop() {
      cancel(timer);
      cancel(settling);
      if (watcher !== undefined) end(watcher);
    },
  };
}

/** Of what the path leads to; undefined: nothing that can be seen. */
function identityOf(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false, bigint: true });
    return found && [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
  } catch {
    // ELOOP, EACCES
    return undefined;
  }
}
