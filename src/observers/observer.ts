/** What every observer is, and what it is given. */
import type { Settings } from '../config/settings.ts';
import type { Recorder } from '../recording/types.ts';

export interface ObserverContext {
  readonly settings: Settings;
  /** Loads the recording room on the first call; undefined when recording is impossible. Cheap afterwards. */
  recorder(): Recorder | undefined;
  /** The recorder only if something was already recorded here; never loads. */
  peek(): Recorder | undefined;
  /** A fault of ours: noted once; the observer switches itself off. */
  fault(observer: string, error: unknown): void;
  /** Counts something the user should be able to see in `swarmscope doctor`. */
  count(name: string, by?: number): void;
  /** What is not loaded yet comes from `folder` from now on: a whole copy of the preload that nobody takes away. */
  loadFrom(folder: string): void;
}

/** `Room` is the rest of the observer, which a process that meets none of its events never loads. */
export interface Observer<Room = unknown> {
  readonly name: string;
  /** Subscribes, no more. `room` loads the rest: call it at the first event worth recording. */
  arm(context: ObserverContext, room: () => Room): void;
}
