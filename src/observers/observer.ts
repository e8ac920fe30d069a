/** What an observer is, and what it is given. */
import type { Settings } from '../config/settings/index.ts';
import type { Recorder } from '../recording/types.ts';

export interface ObserverContext {
  readonly settings: Settings;
  /** Loads the recorder on the first call; undefined when recording is impossible. Cheap afterwards. */
  recorder(): Recorder | undefined;
  /** The recorder if something was already recorded in this process; never loads it. */
  peek(): Recorder | undefined;
  /** Reports a fault of ours: it is noted once, and the observer switches itself off. */
  fault(observer: string, error: unknown): void;
  /** Counts something that the user should be able to see in `swarmscope doctor`. */
  count(name: string, by?: number): void;
  /** Bundles that are not loaded yet come from `folder` from now on: a copy of the preload that nobody removes. */
  loadFrom(folder: string): void;
}

/** One watched source. @example const observer: Observer<typeof import('./lazy.ts')> = { name: 'p-queue', ... }; */
export interface Observer<Lazy = unknown> {
  /** As in `SWARMSCOPE_OBSERVERS_OFF`, and the name of the folder. */
  readonly name: string;
  /** What is seen, for `doctor` and the documentation. */
  readonly watches: string;
  /** How it is seen, best first: published by the library, diagnostics channel, wrapped method; Trace2 is git's. */
  readonly how: 'native' | 'channel' | 'shadow' | 'trace2';
  /** Subscribes to hooks and does nothing else. Call `lazy` at the first event worth recording: it loads the rest. */
  arm(context: ObserverContext, lazy: () => Lazy): void;
}
