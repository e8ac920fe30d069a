/** The bundles that lie beside the preload; each is loaded when it is first needed. */
import { readFileSync } from 'node:fs';
import type { aloneSettings } from './config/settings/alone.ts';
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
type Observers = LazyHalves & { readonly readSettings: typeof readSettings; readonly aloneSettings: typeof aloneSettings };

const loaded = new Map<string, unknown>();
let folder = __dirname;

/** An `npm ci` may remove or replace the folder that we were started from: then a private copy takes its place. */
export function loadFrom(copy: string): void {
  folder = copy;
}

function load(bundle: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the bundles beside this one, loaded when they are needed
  if (!loaded.has(bundle)) loaded.set(bundle, require(`${folder}/${bundle}`) as unknown);
  return loaded.get(bundle);
}

export const lazyBundles = {
  observers: () => load('observers.cjs') as Observers,
  recorder: () => load('recorder.cjs') as typeof Recording,
  assembly: () => load('assembly.cjs') as typeof Sdk,
  prices: () => load('prices.cjs') as typeof Pricing,
  machine: () => load('machine.cjs') as typeof MachineMetrics,
  /** A program of its own: its text, read early, since its folder may be gone when the process ends. */
  exitSender: () => readFileSync(`${folder}/exit-sender.cjs`, 'utf8'),
};
