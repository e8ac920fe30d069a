/** Arms the observers: subscribes to channels and hooks; everything heavier is loaded at the first event worth recording. */
import type { Settings } from './config/settings.ts';
import { startedWith } from './config/started-with.ts';
import { subscribeChildProcess, unobserved } from './hooks/child-process.ts';
import { answerThreads } from './hooks/threads.ts';
import { observers } from './observers/armed.ts';
import type { ObserverContext } from './observers/observer.ts';
import type * as Rooms from './observers/rooms.ts';
import type { createRecorder, RecorderState } from './recording/index.ts';
import type { createPricing } from './pricing/index.ts';
import type { PricingRoom } from './recording/cost.ts';
import type { Assembly, Recorder } from './recording/types.ts';
import { installRuntime, newHost, type Runtime } from './runtime.ts';
import type { createProcess } from './sdk/index.ts';

/** Distinct counter names kept: ours are few; protects from a name made of data. */
const MAX_COUNTS = 256;

/** Taken before the app can put a fake clock in its place. */
const monotonicNow = performance.now.bind(performance);
const originMs = performance.timeOrigin;
const now = (): number => originMs + monotonicNow();

const counts = new Map<string, number>();
const faults = new Map<string, string>();
let onFault = (): void => undefined;
const armed: string[] = [];
const host = newHost();
let knownSettings: Settings | undefined;
let aloneSettings: Settings | undefined;
let recorder: Recorder | undefined;
let isRecorderTried = false;
let pricing: PricingRoom | undefined;

function count(name: string, by = 1): void {
  if (counts.has(name) || counts.size < MAX_COUNTS) counts.set(name, (counts.get(name) ?? 0) + by);
}

function fault(observer: string, error: unknown): void {
  if (faults.has(observer) || faults.size >= MAX_COUNTS) return;
  faults.set(observer, aboutFault(error).slice(0, 200));
  onFault();
  // eslint-disable-next-line no-restricted-properties -- asked for by OTEL_LOG_LEVEL=debug
  if (/^(?:debug|all)$/i.test(startedWith['OTEL_LOG_LEVEL'] ?? '')) process.stderr.write(`swarmscope: ${observer}: ${String(error)}\n`);
}

/** Class, code and place of ours: a message may quote a path or a piece of an answer. Our own words come as text. */
function aboutFault(error: unknown): string {
  if (typeof error === 'string') return error;
  if (!(error instanceof Error)) return `thrown: ${typeof error}`;
  const { code } = error as NodeJS.ErrnoException;
  const place = /\n\s+at [^\n]*?([\w-]+\.cjs:\d+:\d+)/.exec(error.stack ?? '')?.[1];
  return `${error.name}${typeof code === 'string' ? ` ${code}` : ''}${place === undefined ? '' : ` at ${place}`}`;
}

const loaded = new Map<string, unknown>();
/** An `npm ci` may take away the folder we were started from, or put another version there: from the first child on, the private copy counts. */
let folder = __dirname;

function load(bundle: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the bundles beside this one, loaded when they are needed
  if (!loaded.has(bundle)) loaded.set(bundle, require(`${folder}/${bundle}`) as unknown);
  return loaded.get(bundle);
}

const loadRooms = (): typeof Rooms => load('observers.cjs') as typeof Rooms;

/** Read when somebody asks, from the environment as it was at the start. */
function settings(): Settings {
  knownSettings ??= loadRooms().readSettings(startedWith);
  return host.isAlone ? (aloneSettings ??= loadRooms().aloneSettings(knownSettings)) : knownSettings;
}

function loadAssembly(state: RecorderState): Assembly {
  const room = load('assembly.cjs') as { createProcess: typeof createProcess };
  return room.createProcess({
    settings: settings(),
    version: __SWARMSCOPE_VERSION__,
    state,
    counts,
    faults,
    whenFaulted: (listener) => void (onFault = listener),
    observers: armed,
    host,
    loadHost: () => load('host.cjs'),
    unobserved,
    onSyncChild,
  });
}

/** During a synchronous child the event loop stands still: whoever hears signals has to know. */
function onSyncChild(before: () => void, after: () => void): void {
  subscribeChildProcess(
    ({ isSync }) => {
      if (!isSync) return undefined;
      before();
      return { exited: after, failed: after };
    },
    (error) => fault('signals', error),
  );
}

/** Once, at the first priced call; a user's file with a fault in it is told and not used. */
function loadPricing(): PricingRoom {
  if (pricing !== undefined) return pricing;
  const made = (load('prices.cjs') as { createPricing: typeof createPricing }).createPricing(settings().pricesFile);
  pricing = made;
  for (const problem of made.problems) fault('SWARMSCOPE_PRICES', problem);
  return made;
}

function loadRecorder(): Recorder | undefined {
  if (isRecorderTried) return recorder;
  isRecorderTried = true;
  try {
    const room = load('recorder.cjs') as { createRecorder: typeof createRecorder };
    recorder = room.createRecorder({
      settings: settings(),
      loadAssembly,
      loadPricing,
      traceparent: startedWith['TRACEPARENT'],
      tracestate: startedWith['TRACESTATE'],
      count,
      fault,
      now,
    });
  } catch (error) {
    fault('recorder', error);
  }
  return recorder;
}

const runtime: Runtime = {
  version: __SWARMSCOPE_VERSION__,
  get settings() {
    return settings();
  },
  recorder: loadRecorder,
  counts,
  faults,
  observers: armed,
  host,
  unobserved,
};
installRuntime(runtime);
answerThreads(() => loadRecorder()?.environment()['SWARMSCOPE_RUN_DIR']);

/** Most processes switch none off: then no setting is read here. */
const isOff = (name: string): boolean => (startedWith['SWARMSCOPE_OBSERVERS_OFF'] ?? '') !== '' && settings().observersOff.includes(name);

for (const observer of observers) {
  if (isOff(observer.name)) continue;
  try {
    const context: ObserverContext = {
      get settings() {
        return settings();
      },
      recorder: loadRecorder,
      peek: () => recorder,
      fault,
      count,
      loadFrom: (copy) => void (folder = copy),
    };
    observer.arm(context, () => loadRooms().rooms[observer.name]);
    armed.push(observer.name);
  } catch (error) {
    fault(observer.name, error);
  }
}
