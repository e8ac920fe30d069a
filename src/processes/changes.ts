/** What one scan of the process table tells: plain data that crosses from the thread that scans to the one that records. */

import type { SilenceReason } from './silence.ts';

/** A child of Node always calls exec(2); on a busy machine that takes long, and its name does not tell that it did. */
export const NODE_FORK_MS = 10_000;

/** By which a process was found to belong to the run. */
export type FoundBy = 'program' | 'parent' | 'group' | 'marker';

/** What a process is; it may become another one by exec(2). */
export interface ProcessFacts {
  /** Of the program that works in it, without path: `claude` for `node .../claude-code/cli.js`. */
  readonly executable: string;
  /** Of its main thread, as the kernel tells it to others: `MainThread` for a Node. At most 15 bytes. */
  readonly name: string;
  /** A value of `swarmscope.process.executable.kind`. */
  readonly kind: string;
  /** Set where it is an agent CLI at work. */
  readonly agentName: string | undefined;
  /** It runs by Node itself, so that a preload may tell of its children. */
  readonly isNode: boolean;
  /** It has its parent's program and arguments, or is in the middle of exec(2): a fork that becomes another program, or a worker that never does. */
  readonly isFork: boolean;
  /** Names of the repository and the worktree that it works in. */
  readonly repository: string | undefined;
  readonly worktree: string | undefined;
  /** `TRACEPARENT` as it was started with. */
  readonly traceparent: string | undefined;
  /** Its environment could be read: else it ended meanwhile, is in the middle of exec(2), or is another user's. */
  readonly isRead: boolean;
  /** git reports its commands to us, as its environment says. */
  readonly hasTrace2: boolean;
}

/** All counted from the start of the process. */
export interface ProcessUsage {
  readonly cpuMs: number;
  /** Of its children that have ended and were waited for, with theirs. */
  readonly childCpuMs: number;
  /** Of both, what the kernel worked for them. */
  readonly systemMs?: number | undefined;
  readonly peakMemoryBytes: number | undefined;
  readonly readBytes: number | undefined;
  readonly writtenBytes: number | undefined;
}

/** `atMs`, `startMs`: by the machine's monotonic clock. `id`: of one process, never given twice. */
export type ProcessChange =
  | {
      readonly type: 'started';
      readonly id: number;
      readonly pid: number;
      /** Id of the process that started it, as far as that was seen. */
      readonly parent: number | undefined;
      readonly startMs: number;
      readonly foundBy: FoundBy;
      readonly facts: ProcessFacts;
    }
  | { readonly type: 'became'; readonly id: number; readonly atMs: number; readonly facts: ProcessFacts }
  | { readonly type: 'used'; readonly id: number; readonly atMs: number; readonly usage: ProcessUsage }
  /** An agent that has given no sign since then; `child`: what it waits for. */
  | {
      readonly type: 'silent';
      readonly id: number;
      readonly sinceMs: number;
      readonly reason: SilenceReason;
      readonly child: string | undefined;
    }
  /** It goes on. */
  | { readonly type: 'stirred'; readonly id: number; readonly atMs: number }
  /** `status`: as wait(2) gives it, where it was seen. */
  | {
      readonly type: 'ended';
      readonly id: number;
      readonly atMs: number;
      readonly usage: ProcessUsage;
      readonly status: number | undefined;
    };
