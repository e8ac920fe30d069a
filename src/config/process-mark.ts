/** Names a process in a file, and tells whether it still lives, as far as that can be known from here. */
import { readlinkSync } from 'node:fs';
import { isProcessAlive } from './originals.ts';
import { readSmall } from './small-file.ts';

export interface ProcessMark {
  readonly pid: number;
  /** Start time in clock ticks since boot, where `/proc` tells it: a pid is given out again. */
  readonly ticks?: string | undefined;
  /** The namespaces in which pid and ticks mean something: a container has its own. Linux only, as `boot`. */
  readonly space?: string | undefined;
  /** The start of the kernel: another one is another machine, or this one before it was started again. */
  readonly boot?: string | undefined;
}

/** `unknown`: it is in another container or on another machine, from where its pid says nothing here. */
export type Life = 'alive' | 'dead' | 'unknown';

interface Here {
  readonly space: string | undefined;
  /** The namespace of the monotonic clock. */
  readonly time: string | undefined;
  readonly boot: string | undefined;
  /** `/proc` numbers processes as the system calls do; in a new pid namespace it may be that of the old one. */
  readonly isOwnProc: boolean;
}

let known: Here | undefined;

/** Where this process runs. Read once: neither changes while it lives. */
export function here(): Here {
  if (known !== undefined) return known;
  const time = quietly(() => readlinkSync('/proc/self/ns/time'));
  return (known = {
    time,
    space: quietly(() => `${readlinkSync('/proc/self/ns/pid')} ${time ?? ''}`.trim()),
    boot: readSmall('/proc/sys/kernel/random/boot_id')?.text.trim(),
    isOwnProc: quietly(() => readlinkSync('/proc/self')) === String(process.pid),
  });
}

/** Of this process. */
export function ownMark(): ProcessMark {
  const { space, boot } = here();
  return { pid: process.pid, ticks: startTicks('self'), space, boot };
}

/** The mark in `text`, or undefined when it is none. */
export function readMark(text: string): ProcessMark | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !Number.isInteger(value.pid) || (value.pid as number) <= 0)
      return undefined;
    const { pid, ticks, space, boot } = value as Record<keyof ProcessMark, unknown>;
    return { pid: pid as number, ticks: textOf(ticks), space: textOf(space), boot: textOf(boot) };
  } catch {
    // A file cut off, or not ours.
    return undefined;
  }
}

export function lifeOf({ pid, ticks, space, boot }: ProcessMark): Life {
  if (differ(boot, here().boot) || differ(space, here().space)) return 'unknown';
  if (!isProcessAlive(pid)) return 'dead';
  const now = here().isOwnProc ? startTicks(String(pid)) : undefined;
  return ticks === undefined || now === undefined || now === ticks ? 'alive' : 'dead';
}

/** Whether the process is on this machine, in whatever container: then a socket that refuses says that it is gone. */
export const isOfThisKernel = ({ boot }: ProcessMark): boolean => boot !== undefined && boot === here().boot;

/** Marks of older versions lack both. */
const differ = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && a !== b;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Field 22 of `/proc/<process>/stat` (proc(5)); a zombie counts as gone. */
function startTicks(process: string): string | undefined {
  // No /proc here, or the process ended in between.
  const stat = readSmall(`/proc/${process}/stat`)?.text;
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // Another system than Linux, or a sandbox without /proc.
    return undefined;
  }
}
