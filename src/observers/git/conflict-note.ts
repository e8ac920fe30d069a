/** What a process notes of the conflicts that a git of its own left: what it starts next may wipe them away. */

export interface ConflictNote {
  readonly count: number;
  /** Real path. */
  readonly worktree: string;
  /** When the child began and ended, epoch ms: a shell's git has another pid than the shell. */
  readonly startTime: number;
  readonly endTime: number;
}

/** Files in the run's folder begin with this. */
export const NOTE_PREFIX = 'conflicts-';
