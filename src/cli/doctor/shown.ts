/** Settings and folders as `doctor` may show them: what it prints is pasted into bug reports. */
import { homedir } from 'node:os';
import { sep } from 'node:path';
import { cacheFolder, dataFolder, stateFolder } from '../../config/folders.ts';
import type { Settings } from '../../config/settings/index.ts';
import { withoutSecrets } from '../../config/settings/shown.ts';
import { table, type SettingName } from '../../config/settings/table.ts';

export function shownSettings(settings: Settings): { env: string; value: string }[] {
  return [...settings.given].map((name) => ({ env: table[name].env, value: shown(settings, name) }));
}

function shown(settings: Settings, name: SettingName): string {
  const row = table[name];
  if ('isSecret' in row && row.isSecret === true) return '(hidden)';
  const value = settings[name];
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return fromHome(withoutSecrets(text));
}

/** `~/.local/share`: a home folder names its owner. */
export function fromHome(path: string): string {
  const home = homedir();
  return home.length > 1 && path.startsWith(`${home}${sep}`) ? `~${path.slice(home.length)}` : path;
}

export function shownFolders(settings: Settings): Record<string, string> {
  const folders = { 'stored runs': dataFolder(settings), 'status files': stateFolder(settings), cache: cacheFolder(settings) };
  return Object.fromEntries(Object.entries(folders).map(([what, folder]) => [what, fromHome(folder)]));
}
