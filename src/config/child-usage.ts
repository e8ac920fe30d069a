/** What the children of this process use, and theirs: by the kernel's account of those that have ended, and a look at those that live. Linux. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';

export interface ChildUsage {
  /** User and system: of children that have ended and were waited for, with theirs, and of those that live. */
  readonly cpuSeconds: number;
  /** Resident now, in all that live. */
  readonly memoryBytes: number;
  /** The most that one of those that live ever had. */
  readonly peakMemoryBytes: number;
}

/** The kernel tells times to user space in ticks of this length on every architecture that Node runs on. */
const SECONDS_PER_TICK = 0.01;
const KIB = 1_024;
/** Living processes that are looked at; protects a program that starts thousands. */
const MAX_PROCESSES = 500;
/** The kernel's files are small; the list of children of one thread may be long. */
const MAX_BYTES = 16_384;
const NOTHING: ChildUsage = { cpuSeconds: 0, memoryBytes: 0, peakMemoryBytes: 0 };

export function readChildUsage(): ChildUsage {
  if (process.platform !== 'linux') return NOTHING;
  let ticks = ticksOf(process.pid, { ofItself: false });
  let memoryKib = 0;
  let peakKib = 0;
  for (const pid of descendants()) {
    ticks += ticksOf(pid, { ofItself: true });
    const status = read(`/proc/${pid}/status`);
    memoryKib += fieldOf(status, 'VmRSS');
    peakKib = Math.max(peakKib, fieldOf(status, 'VmHWM'));
  }
  return { cpuSeconds: ticks * SECONDS_PER_TICK, memoryBytes: memoryKib * KIB, peakMemoryBytes: peakKib * KIB };
}

/** Process ids of the living children, and of theirs; the nearest first. */
export function descendants(): number[] {
  const found: number[] = [];
  const parents = [process.pid];
  for (let at = 0; at < parents.length && found.length < MAX_PROCESSES; at += 1) {
    const children = childrenOf(parents[at] ?? 0);
    found.push(...children);
    parents.push(...children);
  }
  return found.slice(0, MAX_PROCESSES);
}

/** A child belongs to the thread that started it. */
function childrenOf(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  let threads: string[];
  try {
    threads = readdirSync(folder);
  } catch {
    // It has ended.
    return [];
  }
  return threads.flatMap((thread) => read(`${folder}/${thread}/children`).split(' ').map(Number).filter(Boolean));
}

/** See proc_pid_stat(5): 14 and 15 are its own time, 16 and 17 that of children that it waited for. A name may have spaces in it. */
function ticksOf(pid: number, { ofItself }: { ofItself: boolean }): number {
  const text = read(`/proc/${pid}/stat`);
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ', 15)
    .slice(11)
    .map(Number);
  return childUser + childSystem + (ofItself ? user + system : 0);
}

let buffer: Buffer | undefined;

function read(path: string): string {
  let file: number | undefined;
  try {
    buffer ??= Buffer.allocUnsafe(MAX_BYTES);
    file = openSync(path, 'r');
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, MAX_BYTES, 0));
  } catch {
    // It has ended, or the kernel does not tell.
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function fieldOf(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}
