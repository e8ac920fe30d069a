/** What the processes of a run load: the private copy of the preload, and what V8 makes of it. */
import { cacheFolder } from '../config/folders.ts';
import type { Settings } from '../config/settings/index.ts';
import { preloadCopy, type PreloadCopy } from '../observers/child-process/preload-copy.ts';
import { keepCode } from './code-keeper.ts';

export interface PreloadOptions {
  readonly settings: Settings;
  readonly version: string;
  readonly preloadFolder: string;
  readonly onWarning: (text: string) => void;
}

export function preloadOf({ settings, version, preloadFolder, onWarning }: PreloadOptions): PreloadCopy | undefined {
  const folder = cacheFolder(settings);
  try {
    const copy = preloadCopy(preloadFolder, folder, version);
    keepCode(copy);
    return copy;
  } catch (error) {
    onWarning(
      `The preload could not be copied to ${folder}; Node processes will not be seen (${error instanceof Error ? error.message : String(error)}). Set XDG_CACHE_HOME to a writable folder.`,
    );
    return undefined;
  }
}
