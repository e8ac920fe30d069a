/** Tells whether the process that a file names still lives, and is the one that wrote it. */
import { readFileSync } from 'node:fs';
import { isProcessAlive } from '../config/originals.ts';

export interface ProcessMark {
  readonly pid: number;
  /** Start time in clock ticks since boot, where `/proc` tells it: a pid is given out again. */
  readonly ticks?: string | undefined;
}

export function markOf(pid: number): ProcessMark {
  const ticks = startTicks(pid);
  return ticks === undefined ? { pid } : { pid, ticks };
}

/** The mark in `text`, or undefined when it is none. */
export function readMark(text: string): ProcessMark | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !Number.isInteger(value.pid) || (value.pid as number) <= 0)
      return undefined;
    return { pid: value.pid as number, ticks: 'ticks' in value && typeof value.ticks === 'string' ? value.ticks : undefined };
  } catch {
    // A file cut off, or not ours.
    return undefined;
  }
}

export function isAlive({ pid, ticks }: ProcessMark): boolean {
  if (!isProcessAlive(pid)) return false;
  const now = startTicks(pid);
  return ticks === undefined || now === undefined || now === ticks;
}

/** Field 22 of `/proc/<pid>/stat` (proc(5)); a zombie counts as gone. */
function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
  } catch {
    // No /proc here, or the process ended in between.
    return undefined;
  }
}
