/** What the readers of the folder and of the socket share: bytes of many git processes in, ended commands out. */
import { createCommandTree, type SettledCommand } from './command-tree.ts';
import { createTrace2Parser, type GitCommand, type Trace2Parser } from './trace2-parser.ts';

export interface GitListeners {
  onCommand(settled: SettledCommand): void;
  /** A command that is running when it is first seen. */
  onStart?: ((command: GitCommand) => void) | undefined;
  /** A process of git whose first event has just come: it may still be there. */
  onMet?: ((command: GitCommand) => void) | undefined;
  /** A command that has just reported its exit: the conflicts that it left are still there. */
  onExit?: ((command: GitCommand) => void) | undefined;
  /** Counts `git.malformed`, `.line-too-long`, `.helper`, `.dropped`, `.discarded`, `.running-at-end`. */
  onCount?: ((name: string, by: number) => void) | undefined;
  onFault?: ((error: unknown) => void) | undefined;
}

/** The bytes of one git process, which are split into lines for its parser. */
export interface GitStream {
  readonly command: GitCommand;
  write(bytes: Buffer): void;
  /** The stream has ended; a process without an exit event counts as killed. */
  end(): void;
}

export interface GitCollector {
  open(): GitStream;
  settle(isFinal?: boolean): void;
}

/** Bytes of one line; a longer line is skipped. Protects memory from a stream without line breaks. */
const maxLineBytes = 65_536;

export function createGitCollector(listeners: GitListeners): GitCollector {
  const tree = createCommandTree();
  let folded = 0;
  let dropped = 0;
  function call(fn: () => void): void {
    try {
      fn();
    } catch (error) {
      listeners.onFault?.(error);
    }
  }
  function count(name: string, by: number): void {
    if (by > 0) call(() => listeners.onCount?.(name, by));
  }
  return {
    open() {
      const parser = createTrace2Parser();
      tree.add(parser.command);
      let isMet = false;
      let hasExited = false;
      const onLines = (): void => {
        if (!isMet && parser.command.pid !== undefined) {
          isMet = true;
          call(() => listeners.onMet?.(parser.command));
        }
        if (hasExited || parser.command.exitCode === undefined) return;
        hasExited = true;
        call(() => listeners.onExit?.(parser.command));
      };
      return createStream(parser, onLines, () => {
        count('git.malformed', parser.counts.malformed);
        count('git.line-too-long', parser.counts.tooLong);
      });
    },
    settle(isFinal = false) {
      for (const settled of tree.settle()) call(() => listeners.onCommand(settled));
      const { onStart } = listeners;
      if (!isFinal && onStart !== undefined) for (const command of tree.started()) call(() => onStart(command));
      if (isFinal) count('git.running-at-end', tree.running);
      count('git.helper', tree.folded - folded);
      count('git.dropped', tree.dropped - dropped);
      folded = tree.folded;
      dropped = tree.dropped;
    },
  };
}

function createStream(parser: Trace2Parser, onLines: () => void, onEnd: () => void): GitStream {
  /** Pieces of the unfinished line, joined once: a line in many pieces then costs no more than one in a few. */
  let parts: Buffer[] = [];
  let length = 0;
  let isSkipping = false;
  function add(part: Buffer): void {
    if (isSkipping || part.length === 0) return;
    length += part.length;
    if (length > maxLineBytes) {
      parts = [];
      isSkipping = true;
      parser.counts.tooLong += 1;
    } else parts.push(part);
  }
  function finishLine(): void {
    const [only] = parts;
    if (!isSkipping && only !== undefined) parser.line((parts.length === 1 ? only : Buffer.concat(parts)).toString('utf8'));
    parts = [];
    length = 0;
    isSkipping = false;
  }
  return {
    command: parser.command,
    write(bytes) {
      let from = 0;
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
        add(bytes.subarray(from, at));
        finishLine();
        from = at + 1;
      }
      if (from > 0) onLines();
      // Copied, since the caller uses its buffer for the next read.
      if (from < bytes.length) add(Buffer.from(bytes.subarray(from)));
    },
    end() {
      parser.command.isEnded = true;
      onEnd();
    },
  };
}
