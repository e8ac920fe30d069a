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
}

export interface Observer {
  readonly name: string;
  arm(context: ObserverContext): void;
}
