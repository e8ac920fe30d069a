/** The processes of this machine as Linux tells them in /proc: readings of one process or all, no child process; absent elsewhere. */
import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { readField } from './proc.ts';

/** `/proc/PID/stat`, see proc_pid_stat(5). */
export interface ProcessStat {
  readonly pid: number;
  /** Of the main thread; a process may change it. At most 15 bytes. */
  readonly name: string;
  /** One letter: R, S, D, T (stopped), Z (ended, and not waited for). */
  readonly state: string;
  readonly parentPid: number;
  readonly group: number;
  readonly session: number;
  /** Since the start of the machine, in ms; in steps of 10. With the pid it names one process for ever. */
  readonly startMs: number;
  /** CPU time of all its threads so far. */
  readonly cpuMs: number;
  /** CPU time of the children that have ended and were waited for, with theirs. */
  readonly childCpuMs: number;
  /** Of both, what the kernel worked for them; the rest is user time. */
  readonly systemMs?: number | undefined;
  /** As wait(2) gives it; it means something in state Z only. */
  readonly exitStatus: number;
}

export interface ProcessDetails {
  /** Path of the program; undefined where it may not be known. A program whose file was replaced has no ` (deleted)`. */
  readonly executable: string | undefined;
  readonly folder: string | undefined;
  /** As it was started with, unless it wrote over that. At most {@link MAX_ARGUMENT_BYTES}. */
  readonly args: readonly string[];
}

/** What is undefined may not be known: another user's process, an older kernel. */
export interface ProcessUse {
  /** Most resident memory so far, in bytes. */
  readonly peakMemoryBytes: number | undefined;
  /** From and to disks. */
  readonly readBytes: number | undefined;
  readonly writtenBytes: number | undefined;
  /** Through read(2) and write(2) of any kind; what a socket receives is not always among it. */
  readonly passedBytes: number | undefined;
}

/** The stat of one process, which is read again and again. Members never throw. */
export interface OpenStat {
  /** The same object while nothing has changed; undefined: it has ended, and was waited for. */
  read(): ProcessStat | undefined;
  close(): void;
}

/** Members never throw: what is not there, hidden or another user's is undefined. */
export interface ProcessTable {
  /** Ids of all processes that may be seen, in no order. */
  list(): number[];
  /**
   * Id that was given out last, to a process or a thread: while it stays nobody new is there. A reading costs a twentieth of a list.
   * undefined where the kernel does not tell.
   */
  lastPid?(): number | undefined;
  stat(pid: number): ProcessStat | undefined;
  /** Holds a descriptor until it is closed: a reading costs a third. undefined where there is none, or no descriptor is left. */
  open?(pid: number): OpenStat | undefined;
  details(pid: number): ProcessDetails;
  /** `NAME=value` as the program was started with, between NULs. */
  environment(pid: number): string | undefined;
  use(pid: number): ProcessUse;
  /** Since the start of the machine, by the clock that `startMs` counts in. */
  upMs(): number | undefined;
}

/** The kernel tells times to user space in ticks of this length on every architecture that Node runs on. */
const TICK_MS = 10;
/** Longest command line that is read. Protects from prompts of a megabyte as an argument. */
const MAX_ARGUMENT_BYTES = 16_384;
/** Longest environment that is read: the kernel's own limit is 2 MiB, and ours are put in front of nothing. */
const MAX_ENVIRONMENT_BYTES = 262_144;

/** undefined where there is no such folder. @param root Default: `/proc`. */
export function linuxProcesses(root = '/proc'): ProcessTable | undefined {
  const buffer = Buffer.allocUnsafe(MAX_ENVIRONMENT_BYTES);
  /** Twenty times a second for each process: one buffer, and no look at what sort of file it is. */
  const read = (path: string, maxBytes = 8_192): string | undefined => {
    let file: number | undefined;
    try {
      file = openSync(`${root}/${path}`, 'r');
      let length = 0;
      while (length < maxBytes) {
        const more = readSync(file, buffer, length, maxBytes - length, null);
        if (more === 0) break;
        length += more;
      }
      return buffer.toString('utf8', 0, length);
    } catch {
      // ENOENT, ESRCH: it has ended. EACCES, EPERM: another user's.
      return undefined;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  };
  const link = (path: string): string | undefined => {
    try {
      return readlinkSync(`${root}/${path}`).replace(/ \(deleted\)$/, '');
    } catch {
      return undefined;
    }
  };
  if (read('self/stat') === undefined && read('uptime') === undefined) return undefined;
  return {
    list() {
      try {
        return pidsIn(readdirSync(root));
      } catch {
        return [];
      }
    },
    // `0.20 0.18 0.12 1/80 11206`
    lastPid: () => Number(read('loadavg')?.trim().split(' ')[4]) || undefined,
    stat: (pid) => parseStat(read(`${pid}/stat`) ?? ''),
    open: (pid) => openStat(`${root}/${pid}/stat`),
    details: (pid) => ({
      executable: link(`${pid}/exe`),
      folder: link(`${pid}/cwd`),
      args: argumentsOf(read(`${pid}/cmdline`, MAX_ARGUMENT_BYTES) ?? ''),
    }),
    environment: (pid) => read(`${pid}/environ`, MAX_ENVIRONMENT_BYTES),
    use(pid) {
      const status = read(`${pid}/status`) ?? '';
      const io = read(`${pid}/io`) ?? '';
      const peak = readField(status, 'VmHWM');
      const [received, sent] = [readField(io, 'rchar'), readField(io, 'wchar')];
      return {
        peakMemoryBytes: peak === undefined ? undefined : peak * 1_024,
        readBytes: readField(io, 'read_bytes'),
        writtenBytes: readField(io, 'write_bytes'),
        passedBytes: received === undefined || sent === undefined ? undefined : received + sent,
      };
    },
    upMs() {
      const seconds = Number.parseFloat(read('uptime') ?? '');
      return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
    },
  };
}

/** Names of numbers alone; a folder of a thousand of them is read twenty times a second. */
function pidsIn(names: readonly string[]): number[] {
  const pids: number[] = [];
  for (const name of names) {
    const first = name.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    const pid = Number(name);
    if (Number.isInteger(pid)) pids.push(pid);
  }
  return pids;
}

/** Longest is some 400 bytes. */
const MAX_STAT_BYTES = 1_024;

function openStat(path: string): OpenStat | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // ENOENT: it has ended. EMFILE: no descriptor is left.
    return undefined;
  }
  let [now, before] = [Buffer.alloc(MAX_STAT_BYTES), Buffer.alloc(MAX_STAT_BYTES)];
  let beforeLength = 0;
  let stat: ProcessStat | undefined;
  let isOpen = true;
  return {
    read() {
      if (!isOpen) return undefined;
      try {
        const length = readSync(file, now, 0, MAX_STAT_BYTES, 0);
        if (length === beforeLength && stat !== undefined && now.compare(before, 0, length, 0, length) === 0) return stat;
        [now, before, beforeLength] = [before, now, length];
        return (stat = parseStat(before.toString('latin1', 0, length)));
      } catch {
        // ESRCH: it has ended.
        return undefined;
      }
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}

/** undefined: no such text. The name may hold spaces and brackets. */
export function parseStat(text: string): ProcessStat | undefined {
  const nameStart = text.indexOf('(');
  const nameEnd = text.lastIndexOf(')');
  if (nameStart < 0 || nameEnd < 0) return undefined;
  const fields = text.slice(nameEnd + 2).split(' ');
  // Fields are numbered from 1 in the manual; the state is the third.
  const number = (field: number): number => Number(fields[field - 3] ?? NaN);
  const startMs = number(22) * TICK_MS;
  if (!Number.isFinite(startMs)) return undefined;
  return {
    pid: Number.parseInt(text, 10),
    name: text.slice(nameStart + 1, nameEnd),
    state: fields[0] ?? '',
    parentPid: number(4),
    group: number(5),
    session: number(6),
    startMs,
    cpuMs: (number(14) + number(15)) * TICK_MS,
    childCpuMs: (number(16) + number(17)) * TICK_MS,
    systemMs: (number(15) + number(17)) * TICK_MS,
    exitStatus: number(52) || 0,
  };
}

/** The last one may be cut. */
function argumentsOf(text: string): string[] {
  const args = text.split('\0');
  if (args.at(-1) === '') args.pop();
  return args;
}
