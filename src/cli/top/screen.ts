/** The alternate screen of a terminal, painted again and again, and left as it was found at every ending. */
import type { ReadStream, WriteStream } from 'node:tty';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
/** Ctrl-C, Ctrl-D and q; a terminal in raw mode sends them as characters. */
const END_KEYS = ['q', 'Q', '\u0003', '\u0004'];
const STOP_KEY = '\u001a';
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 } as const;

export interface Screen {
  /** Lines beyond the height are cut; no line may be longer than the width. */
  paint(lines: readonly string[]): void;
  readonly columns: number;
  readonly rows: number;
  /** Resolves with the exit code when the user, a signal or a closed terminal ends it. */
  readonly ended: Promise<number>;
  /** Called at a change of size, and when the program goes on after Ctrl-Z. */
  onChange(listener: () => void): void;
  close(): void;
}

/** @param output A terminal. @param input Its keys; undefined where there are none. */
export function openScreen(output: WriteStream, input: ReadStream | undefined): Screen {
  let isOpen = false;
  let listener: () => void = () => undefined;
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => (end = resolve));
  const write = (text: string): void => {
    try {
      output.write(text);
    } catch {
      // EIO: the terminal is gone.
      end(SIGNALS.SIGHUP);
    }
  };
  const raw = (isRaw: boolean): void => {
    try {
      input?.setRawMode(isRaw);
    } catch {
      // EIO: the terminal is gone.
    }
  };

  function enter(): void {
    if (isOpen) return;
    isOpen = true;
    raw(true);
    write(ENTER);
  }
  function leave(): void {
    if (!isOpen) return;
    isOpen = false;
    write(LEAVE);
    raw(false);
  }
  const onKey = (keys: Buffer): void => {
    const text = keys.toString('latin1');
    if (END_KEYS.some((key) => text.includes(key))) return end(0);
    if (!text.includes(STOP_KEY)) return;
    leave();
    process.kill(process.pid, 'SIGSTOP');
  };
  const onContinue = (): void => {
    enter();
    listener();
  };
  const onSize = (): void => listener();
  const onLost = (): void => end(SIGNALS.SIGHUP);
  const signals = Object.entries(SIGNALS).map(([name, code]) => [name, () => end(code)] as const);

  enter();
  for (const [name, stop] of signals) process.on(name, stop);
  process.on('SIGCONT', onContinue).on('exit', leave);
  output.on('resize', onSize).on('error', onLost);
  // A closed terminal ends its input.
  input?.on('data', onKey).on('end', onLost).on('error', onLost).resume();
  return {
    ended,
    get columns() {
      return output.columns > 0 ? output.columns : 80;
    },
    get rows() {
      return output.rows > 0 ? output.rows : 24;
    },
    paint(lines) {
      // A terminal that is stopped (Ctrl-S) must not collect pictures.
      if (!isOpen || output.writableLength > 0) return;
      const shown = lines.slice(0, Math.max(1, (output.rows > 0 ? output.rows : 24) - 1));
      write(`${HOME}${shown.map((line) => `${line}${CLEAR_LINE}\r\n`).join('')}${CLEAR_BELOW}`);
    },
    onChange(change) {
      listener = change;
    },
    close() {
      leave();
      for (const [name, stop] of signals) process.off(name, stop);
      process.off('SIGCONT', onContinue).off('exit', leave);
      output.off('resize', onSize).off('error', onLost);
      input?.off('data', onKey).off('end', onLost).off('error', onLost).pause();
    },
  };
}
