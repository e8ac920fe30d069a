/** What the terminal behind a stream can show. */
import type { WriteStream } from 'node:tty';
import { startedWith } from '../../config/started-with.ts';
import { styleFor, type Style } from './style.ts';

/** Style for printing to `stream`, from its size and the user's locale and NO_COLOR. */
export function terminalStyle(stream: WriteStream | NodeJS.WriteStream): Style {
  const { NO_COLOR, LC_ALL, LC_CTYPE, LANG } = startedWith;
  return styleFor({
    isTty: stream.isTTY,
    columns: stream.isTTY ? stream.columns : undefined,
    noColor: NO_COLOR,
    locale: [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '') ?? 'C.UTF-8',
  });
}
