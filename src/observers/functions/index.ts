/** Watches functions of the program itself, as `swarmscope.config.json` names them. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FILE } from '../../config/config-file.ts';
import { MODULE_KEY, subscribeText } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'functions';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'functions that swarmscope.config.json names: tasks, batches, agents, tools, runs',
  how: 'shadow',
  arm(context, lazy) {
    const folder = currentFolder();
    if (folder === undefined || statSync(join(folder, CONFIG_FILE), { throwIfNoEntry: false }) === undefined) return;
    const declared = lazy().declaredIn(context, folder, { name: NAME, key: MODULE_KEY });
    if (declared.texts.length > 0) subscribeText(NAME, declared.texts, declared.tell);
  },
};

/** undefined where it was removed. */
function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    // ENOENT
    return undefined;
  }
}
