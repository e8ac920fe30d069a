/** The settings of a run; what cannot be used is said. */
import { readSettings, type Settings } from '../../config/settings/index.ts';
import { withoutSecrets } from '../../config/settings/shown.ts';
import { warn } from '../streams.ts';

export function settingsOf(): Settings {
  const settings = readSettings();
  for (const { env, expected, received } of settings.problems)
    warn(`${env}: expected ${expected}, received ${withoutSecrets(received)}; the default is used.`);
  return settings;
}
