/** Reads the folder into which git writes one file per process, as it grows and once more at exit. */
import { closeSync, readdirSync, readSync, unlinkSync, watch, type FSWatcher, type Stats } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive } from '../../config/originals.ts';
import { isOurs, openOwn, statusOf } from '../../config/small-file.ts';
import { createGitCollector, type GitListeners, type GitStream } from './reader.ts';

export interface GitFolderReader {
  start(): void;
  /** Reads everything, blocking. With `isFinal` it also closes files whose process ended without an exit event. */
  drainSync(isFinal?: boolean): void;
  /** Reads everything a last time and stops watching the folder. */
  stop(): void;
}

export interface GitFolderOptions extends GitListeners {
  folder: string;
  /** Time between two reads while git runs, in ms. Default: 100. */
  activeIntervalMs?: number | undefined;
  /** Time between two looks while no git runs, in ms, for file systems that report no changes. Default: 1,000. */
  idleIntervalMs?: number | undefined;
}

interface OpenFile {
  readonly stream: GitStream;
  offset: number;
  /** Reads in a row that brought nothing although its process had ended. */
  quiet: number;
}

/** Bytes read at a time. Protects the program from a read that blocks its event loop for long. */
const maxBytesPerDrain = 4_194_304;
const chunkBytes = 65_536;
/** Names that are not looked at again, since no file of git's stood there. */
const maxOdd = 1_000;
/** The file by which git tells that it stopped writing because of `trace2.maxFiles`. */
const discardMarker = 'git-trace2-discard';

/** The events of one command are some KB; protects the exit of the program from a huge file in their place. */
const maxFileBytes = 67_108_864;

const isOfGit = (file: Stats): boolean => isOurs(file) && file.size <= maxFileBytes;

export function createGitFolderReader(options: GitFolderOptions): GitFolderReader {
  const { folder, activeIntervalMs = 100, idleIntervalMs = 1_000 } = options;
  const collector = createGitCollector(options);
  const files = new Map<string, OpenFile>();
  const odd = new Set<string>();
  const buffer = Buffer.allocUnsafe(chunkBytes);
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  let isStopped = false;

  const present = (): string[] => list(folder).filter((name) => !odd.has(name));

  function drain(maxBytes: number, isFinal: boolean): number {
    let left = maxBytes;
    for (const name of present()) {
      if (left <= 0) break;
      if (name === discardMarker) {
        options.onCount?.('git.discarded', 1);
        remove(join(folder, name));
      } else left -= drainFile(name, left, isFinal);
    }
    // While bytes are unread, a parent may be known and its child not: commands are handed out after the rest.
    if (left > 0) collector.settle(isFinal);
    return files.size;
  }

  function drainFile(name: string, maxBytes: number, isFinal: boolean): number {
    const path = join(folder, name);
    const descriptor = openOwn(path, isOfGit);
    if (descriptor === undefined) return passBy(name, path);
    let file = files.get(name);
    if (file === undefined) files.set(name, (file = { stream: collector.open(), offset: 0, quiet: 0 }));
    const bytes = readFrom(descriptor, file, maxBytes, buffer);
    const { command } = file.stream;
    if (bytes > 0 && !isFinal) file.quiet = 0;
    else if (!command.isEnded && command.pid !== undefined && !isProcessAlive(command.pid)) file.quiet += isFinal ? 2 : 1;
    if (command.isEnded || file.quiet >= 2) {
      file.stream.end();
      files.delete(name);
      remove(path);
    }
    return bytes;
  }

  /** It is gone, or it was not written by git: a FIFO, a link, a folder, a huge file. What cannot be removed is not looked at again. */
  function passBy(name: string, path: string): number {
    const found = statusOf(path);
    // This process has no descriptor left to open it with: later.
    if (found?.isFile() === true && isOfGit(found)) return 0;
    files.get(name)?.stream.end();
    files.delete(name);
    if (found === undefined) return 0;
    options.onCount?.('git.odd-file', 1);
    remove(path);
    if (odd.size < maxOdd) odd.add(name);
    return 0;
  }

  /** Watching costs one event for each write of git: it only wakes the reader, and while git runs a timer reads. */
  function rest(): void {
    stopTimers();
    if (isStopped) return;
    try {
      watcher = watch(folder, { persistent: false }, work);
      watcher.on('error', () => watcher?.close());
    } catch {
      // The system refuses to watch (a limit, an unusual file system): the idle timer looks.
    }
    timer = setInterval(() => {
      if (present().length > 0) work();
    }, idleIntervalMs).unref();
    // Files that appeared between the last look and the start of the watcher.
    if (present().length > 0) work();
  }

  function work(): void {
    stopTimers();
    timer = setInterval(tick, activeIntervalMs).unref();
  }

  function tick(): void {
    try {
      if (drain(maxBytesPerDrain, false) === 0) rest();
    } catch (error) {
      stopTimers();
      options.onFault?.(error);
    }
  }

  function stopTimers(): void {
    clearInterval(timer);
    watcher?.close();
    watcher = undefined;
  }

  return {
    start: rest,
    drainSync: (isFinal = false) => void drain(Infinity, isFinal),
    stop() {
      isStopped = true;
      stopTimers();
      drain(Infinity, true);
    },
  };
}

/** Closes it. */
function readFrom(descriptor: number, file: OpenFile, maxBytes: number, buffer: Buffer): number {
  let total = 0;
  try {
    while (total < maxBytes) {
      const bytes = readSync(descriptor, buffer, 0, buffer.length, file.offset);
      if (bytes === 0) break;
      file.stream.write(buffer.subarray(0, bytes));
      file.offset += bytes;
      total += bytes;
    }
  } catch {
    // EIO: what was read until then counts.
  } finally {
    closeSync(descriptor);
  }
  return total;
}

/** Names begin with the start time of the git process: sorted, a parent comes before its children. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // The run folder is gone.
    return [];
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already, or a folder.
  }
}
