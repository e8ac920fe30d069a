/** Texts as the commands may show them: settings, addresses, what other programs said. */
import { scrubText } from '../../semconv/credentials/index.ts';
import { hideCredentials } from './index.ts';

/** Without credentials of any form; of a URL its user and query go as well. Kept out of what programs load at their start. */
export function withoutSecrets(text: string): string {
  return hideCredentials(scrubText(text));
}
