/** Whether the program has left the terminal alone: told by the times of its device, its modes and its foreground. */
import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, futimesSync, openSync, writeSync } from 'node:fs';
import { readNamed } from '../../config/small-file.ts';

export type TerminalState =
  /** Nobody has written, and lines are read as they are typed at a shell. */
  | 'free'
  /** Raw mode, no echo, or another program is in the foreground: may end. */
  | 'busy'
  /** Somebody has written: what stands where is not known any more. */
  | 'taken';

export interface TerminalWatch {
  look(): Promise<TerminalState>;
  /** Nobody but us has written since the watch began. */
  isUntouched(): boolean;
  /** Writes text of ours, once `look` allowed it; nothing any more when somebody has written meanwhile. */
  write(text: string): void;
}

/** The kernel changes the time of a terminal only when it differs by a multiple of eight seconds. */
const PAST_MS = 16_000;
const STTY_MS = 1_000;

/**
 * Watches the terminal behind `fd`, from before the program starts. The time of its last output is set back, so that
 * any output moves it, in whatever way it was opened. Undefined where that cannot be known: a terminal of another user,
 * an older kernel, another system, a run in the background.
 */
export function watchTerminal(fd: number): TerminalWatch | undefined {
  let own: number | undefined;
  let isWatched = false;
  try {
    if (!isForeground()) return undefined;
    let mark = setBack(fd);
    // Opened anew, so that we alone do not wait: a terminal that is stopped (Ctrl-S) or not read would hold the receiver up.
    const device = openSync('/dev/tty', constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    own = device;
    // Harmless at the beginning of a line, where a shell leaves the cursor.
    writeSync(device, '\r');
    if (modifiedMs(fd) === mark) return undefined;
    mark = setBack(fd);
    isWatched = true;
    const isUntouched = (): boolean => isQuietly(() => modifiedMs(fd) === mark);
    return {
      isUntouched,
      async look() {
        if (!isUntouched()) return 'taken';
        const modes = isQuietly(isForeground) ? await readModes(fd) : 'other';
        // The program may have written meanwhile.
        if (modes === undefined || !isUntouched()) return 'taken';
        return modes === 'of a shell' ? 'free' : 'busy';
      },
      write(text) {
        // Asked again, since what is written between the question and `setBack` is not noticed.
        if (!isUntouched()) return;
        const isWhole = isQuietly(() => writeSync(device, text) === Buffer.byteLength(text));
        // Half a line, or none: nobody knows any more what stands there.
        if (!isWhole || !isQuietly(() => (mark = setBack(fd)) > 0)) mark = NaN;
      },
    };
  } catch {
    // No terminal of ours, no /proc, or EPERM: it is another user's.
    return undefined;
  } finally {
    if (own !== undefined && !isWatched) closeSync(own);
  }
}

/** Sets the time of the last output back and returns it, in ms; the time of the last input tells idleness and stays. */
function setBack(fd: number): number {
  const { atimeMs } = fstatSync(fd);
  futimesSync(fd, atimeMs / 1000, Math.floor((Date.now() - PAST_MS) / 1000));
  return modifiedMs(fd);
}

const modifiedMs = (fd: number): number => fstatSync(fd).mtimeMs;

/** Whether our process group is the one that the terminal listens to. */
function isForeground(): boolean {
  const stat = readNamed('/proc/self/stat').toString('utf8');
  // The name of the program stands in brackets and may hold spaces.
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return group === foreground;
}

/** By `stty`, since Node can set the modes of a terminal and not read them; undefined where there is none. */
function readModes(fd: number): Promise<'of a shell' | 'other' | undefined> {
  return new Promise((resolve) => {
    // A relative folder in PATH must not lead into the working folder, where agents write.
    const child = spawn('stty', ['-a'], { cwd: '/', stdio: [fd, 'pipe', 'ignore'], timeout: STTY_MS });
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    child.once('error', () => resolve(undefined));
    child.once('close', () => resolve(['icanon', 'echo', 'opost'].every((mode) => isOn(text, mode)) ? 'of a shell' : 'other'));
  });
}

/** @example isOn('speed 38400 baud; -icanon echo', 'icanon') // false */
function isOn(modes: string, mode: string): boolean {
  return modes.split(/[\s;]+/).includes(mode);
}

/** The terminal may be gone at any time: what cannot be read is not so. */
function isQuietly(question: () => boolean): boolean {
  try {
    return question();
  } catch {
    // EIO, EBADF: closed.
    return false;
  }
}
