/** The state of this process, which is shared by the API and all copies of the preload. */
import type { LivePolicies } from './config/policies/live.ts';
import type { Settings } from './config/settings/index.ts';
import type { AppSdk } from './recording/app-sdk.ts';
import type { Recorder } from './recording/types.ts';

const KEY = Symbol.for('swarmscope.runtime.1');

export interface Runtime {
  readonly version: string;
  readonly settings: Settings;
  /** Loads the recorder on the first call; undefined when recording is impossible. */
  recorder(): Recorder | undefined;
  readonly counts: ReadonlyMap<string, number>;
  /** Observers that have failed, and the reason of each. */
  readonly faults: ReadonlyMap<string, string>;
  readonly observers: readonly string[];
  /** In force in this process, as far as it has recorded something. */
  readonly policies: LivePolicies;
  /** The app's own SDK, where it takes our spans. */
  readonly appSdk: AppSdk;
  /** Starts a child of our own that nobody observes. */
  unobserved: <T>(fn: () => T) => T;
}

type Holder = { [KEY]?: Runtime };

/** The runtime of this process, or undefined without a preload. */
export function runtime(): Runtime | undefined {
  return (globalThis as Holder)[KEY];
}

/** As long as the app has not asked for `swarmscopeInstrumentations()`: our spans are our own. */
export function noAppSdk(): AppSdk {
  return { isAlone: false, isOn: true, tracerProvider: undefined, meterProvider: undefined, onMeter: () => undefined };
}

/** Makes `value` the runtime of this process; not enumerable, so that programs that list globals do not find it. */
export function installRuntime(value: Runtime): void {
  Object.defineProperty(globalThis, KEY, { value, configurable: true, enumerable: false, writable: false });
}
