// A machine's clock that can be set while programs run, by libfaketime; the monotonic clock and file times stay real.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from './run-program.ts';

/** In programs under the clock: sets it by so many seconds from the real time. */
export const setClock = `
const setClock = (seconds) => require('node:fs').writeFileSync(process.env.FAKETIME_TIMESTAMP_FILE, (seconds < 0 ? '' : '+') + seconds);
`;

/** The environment of programs whose clock is `seconds` off, until it is set. Needs `faketime`. */
export function fakeClock(seconds = 0): Record<string, string> {
  const file = join(freshFolder('clock'), 'time');
  writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}`);
  const { stdout } = spawnSync('faketime', ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' });
  return {
    LD_PRELOAD: stdout.trim(),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  };
}
