/** Settings with a bad value or an unknown name. */
import type { Settings } from '../../../config/settings/index.ts';
import { withoutSecrets } from '../../../config/settings/shown.ts';
import type { Finding } from '../finding.ts';

export function ofSettings({ problems }: Pick<Settings, 'problems'>): Finding[] {
  return problems.map(({ env, expected, received }) => ({
    level: 'problem',
    text: `${env}: expected ${expected}, received ${withoutSecrets(received)}`,
    next: `unset ${env}, or set it to ${expected}`,
  }));
}
