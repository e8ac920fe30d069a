/** The bundles that lie beside the preload; each is loaded when it is first needed. */
import { readFileSync, statSync } from 'node:fs';
import type * as Gpus from './machine/gpu/index.ts';
import type { aloneSettings } from './config/settings/alone.ts';
import type { firstPolicies } from './config/policies/first.ts';
import type { readSettings } from './config/settings/index.ts';
import type * as catalogue from './observers/catalogue.ts';
import type { Observer } from './observers/observer.ts';
import type * as Pricing from './pricing/index.ts';
import type * as Recording from './recording/index.ts';
import type * as Sdk from './sdk/index.ts';
import type * as MachineMetrics from './sdk/machine-metrics/index.ts';

/** `lazy.ts` of each observer, under the observer's key in the catalogue. */
export type LazyHalves = {
  readonly [Key in keyof typeof catalogue]: (typeof catalogue)[Key] extends Observer<infer Lazy> ? Lazy : never;
};

/** Made by tools/build from the catalogue; the settings are read by nobody before the first event either. */
type Observers = LazyHalves & {
  readonly readSettings: typeof readSettings;
  readonly aloneSettings: typeof aloneSettings;
  readonly firstPolicies: typeof firstPolicies;
};

const loaded = new Map<string, unknown>();
let folder = __dirname;
/** An `npm ci` makes another folder of this name; what lies there may be of another version. */
const first = identityOf(__dirname);

/** An `npm ci` may remove or replace the folder that we were started from: then a private copy takes its place. */
export function loadFrom(copy: string): void {
  folder = copy;
}

/** Where the bundles of this version are; undefined where they are gone, and no copy of them is known. */
export function bundleFolder(): string | undefined {
  return folder !== __dirname || identityOf(folder) === first ? folder : undefined;
}

function identityOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev} ${found.ino} ${found.birthtimeMs}`;
}

function load(bundle: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the bundles beside this one, loaded when they are needed
  if (!loaded.has(bundle)) loaded.set(bundle, require(pathOf(bundle)) as unknown);
  return loaded.get(bundle);
}

function pathOf(bundle: string): string {
  const place = bundleFolder();
  if (place === undefined)
    throw Object.assign(new Error('the preload was removed or replaced while the program ran'), { code: 'PRELOAD_GONE' });
  return `${place}/${bundle}`;
}

export const lazyBundles = {
  observers: () => load('observers.cjs') as Observers,
  recorder: () => load('recorder.cjs') as typeof Recording,
  assembly: () => load('assembly.cjs') as typeof Sdk,
  prices: () => load('prices.cjs') as typeof Pricing,
  machine: () => load('machine.cjs') as typeof MachineMetrics,
  gpu: () => load('gpu.cjs') as typeof Gpus,
  /** A program of its own: its text, read early, since its folder may be gone when the process ends. */
  exitSender: () => readFileSync(pathOf('exit-sender.cjs'), 'utf8'),
};
