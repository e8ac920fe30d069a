/** Arms the observers: they subscribe to hooks. All else is loaded at the first event worth recording. */
import type { Settings } from './config/settings/index.ts';
import { hasNoReceiver } from './config/inherited.ts';
import { LivePolicies } from './config/policies/live.ts';
import { later, type Timer } from './config/originals.ts';
import { startedWith } from './config/started-with.ts';
import { noteHidden } from './config/unseen.ts';
import { count, counts, fault, faults, whenFaulted } from './faults.ts';
import { subscribeChildProcess, unobserved } from './hooks/child-process/index.ts';
import { foundModules } from './hooks/module-load.ts';
import { watchNewThreads } from './hooks/process/new-threads.ts';
import { hasStartedThreads, shareMemory, watchThreads } from './hooks/process/threads.ts';
import { bundleFolder, lazyBundles, loadFrom, type LazyHalves } from './lazy-bundles.ts';
import * as catalogue from './observers/catalogue.ts';
import type { Observer, ObserverContext } from './observers/observer.ts';
import type { RecorderState } from './recording/index.ts';
import type { Pricing } from './recording/cost.ts';
import type { Assembly, Recorder } from './recording/types.ts';
import { installRuntime, noAppSdk, type Runtime } from './runtime.ts';
import { ownThreadParent, plannedRun, tellThreadParent } from './thread-parent.ts';

const armed: string[] = [];
const appSdk = noAppSdk();
const policies = new LivePolicies();
let knownSettings: Settings | undefined;
let aloneSettings: Settings | undefined;
let recorder: Recorder | undefined;
let isRecorderTried = false;
let readThreads: () => void = () => undefined;
let pricing: Pricing | undefined;
let arePoliciesKnown = false;

const runtime: Runtime = {
  version: __SWARMSCOPE_VERSION__,
  get settings() {
    return settings();
  },
  recorder: loadRecorder,
  counts,
  faults,
  observers: armed,
  policies,
  appSdk,
  unobserved,
};
const observers: { readonly [Key in keyof LazyHalves]: Observer<LazyHalves[Key]> } = catalogue;

const context = contextOf(() => false);

/** What one observer is given; while it is off it finds no recorder. */
function contextOf(isOff: () => boolean): ObserverContext {
  return {
    get settings() {
      return settings();
    },
    recorder: () => (isOff() ? undefined : loadRecorder()),
    // Before the first event nothing is loaded for the answer.
    peek: () => (recorder === undefined || isOff() ? undefined : recorder),
    fault,
    count,
    loadFrom,
  };
}
let keeping: Timer | undefined;

function armAll(): void {
  installRuntime(runtime);
  readThreads = watchThreads({
    folder: () => loadRecorder()?.environment()['SWARMSCOPE_RUN_DIR'],
    shared: (thread, memory) => loadRecorder()?.threadShared(thread, memory),
    // Where nothing is recorded, no thread has left anything.
    ended: (thread) => recorder?.threadEnded(thread),
    heardAtExit: () => recorder?.leave(),
  });
  watchNewThreads({
    first: __dirname,
    now: bundleFolder,
    // Before the package goes: threads and bundles that come later are loaded from the copy.
    started() {
      keeping ??= later(0, () => keepCopy());
      tellThreadParent(recorder, appSdk.isAlone || appSdk.tracerProvider !== undefined);
    },
    lost: loseThread,
  });
  for (const key of Object.keys(observers)) arm(key as keyof LazyHalves);
}

/** Counted here, and where the report of the run counts what could not be seen. */
function loseThread(): void {
  count('threads.without-preload');
  fault('threads', 'the package is gone');
  noteHidden(startedWith['SWARMSCOPE_RUN_DIR'] ?? '');
}

function keepCopy(): void {
  try {
    lazyBundles.observers().childProcess.copyOf(context);
  } catch (error) {
    fault('child-process.preload-copy', error);
  }
}

function arm<Key extends keyof LazyHalves>(key: Key): void {
  const { name } = observers[key];
  // Most processes switch none off: then the settings are not read here.
  const isOff = (startedWith['SWARMSCOPE_OBSERVERS_OFF'] ?? '') !== '' && settings().observersOff.includes(name);
  if (isOff) return;
  try {
    observers[key].arm(
      contextOf(() => knownPolicies().isOff(name)),
      () => lazyBundles.observers()[key],
    );
    armed.push(name);
  } catch (error) {
    fault(name, error);
  }
}

/** Read when first asked for, from the environment as it was at the start. */
function settings(): Settings {
  knownSettings ??= lazyBundles.observers().readSettings(startedWith);
  return appSdk.isAlone ? (aloneSettings ??= lazyBundles.observers().aloneSettings(knownSettings)) : knownSettings;
}

/** Known with the first event: what is off then records nothing at all. */
function knownPolicies(): LivePolicies {
  if (arePoliciesKnown) return policies;
  arePoliciesKnown = true;
  try {
    const first = lazyBundles.observers().firstPolicies(startedWith, [...armed, ...settings().observersOff]);
    if (first !== undefined) policies.take(first);
  } catch (error) {
    fault('policies', error);
  }
  return policies;
}

/** Tried once: without a recorder the program runs on, unobserved. */
function loadRecorder(): Recorder | undefined {
  if (isRecorderTried) return recorder;
  isRecorderTried = true;
  try {
    recorder = lazyBundles.recorder().createRecorder({
      settings: settings(),
      policies: knownPolicies(),
      loadAssembly,
      loadPricing,
      hasThreads: hasStartedThreads,
      plannedRun,
      traceparent: ownThreadParent() ?? startedWith['TRACEPARENT'],
      tracestate: startedWith['TRACESTATE'],
      count,
      fault,
    });
  } catch (error) {
    fault('recorder', error);
  }
  return recorder;
}

/** Called at the first span. */
function loadAssembly(state: RecorderState): Assembly {
  return lazyBundles.assembly().createProcess({
    settings: settings(),
    version: __SWARMSCOPE_VERSION__,
    state,
    policies,
    counts,
    faults,
    whenFaulted,
    observers: armed,
    foundModules,
    appSdk,
    loadMachineMetrics: lazyBundles.machine,
    loadGpus: lazyBundles.gpu,
    senderProgram: lazyBundles.exitSender(),
    unobserved,
    share: shareMemory,
    readThreads: () => readThreads(),
    onSyncChild,
  });
}

/** Called at the first priced call. A user's file of prices with a fault in it is reported and not used. */
function loadPricing(): Pricing {
  if (pricing !== undefined) return pricing;
  const made = lazyBundles.prices().createPricing(settings());
  pricing = made;
  for (const problem of made.problems) fault('SWARMSCOPE_PRICES', problem);
  if (made.tableProblem !== undefined) count('pricing.fetched-table-unusable');
  return made;
}

/** The event loop stands still during a synchronous child: no signal is heard then, and the assembly has to know it. */
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

// Last, when all that it uses is there.
if (!hasNoReceiver(startedWith)) armAll();
