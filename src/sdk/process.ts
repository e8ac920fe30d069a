/** Puts one observed process together: its part in the run, assembly and gauges, and what its root does for all. */
import { gitEnvironment } from '../config/git/environment.ts';
import { gitTargetOf } from '../config/git/target.ts';
import { readUserTrace2, type UserTrace2 } from '../config/git/user-trace2.ts';
import type { LivePolicies } from '../config/policies/live.ts';
import { soon } from '../config/originals.ts';
import { runClock, shiftNow } from '../config/run-clock.ts';
import { startedWith } from '../config/started-with.ts';
import type { Settings } from '../config/settings/index.ts';
import { usesAppSdk, type AppSdk } from '../recording/app-sdk.ts';
import type { RecorderState } from '../recording/index.ts';
import type { Assembly } from '../recording/types.ts';
import { createGitDuty, type GitDuty } from '../root/git/index.ts';
import { joinRun, type RunLink } from '../root/index.ts';
import { createAssembly } from './assembly.ts';
import { startBudgets } from './budgets.ts';
import { unlessOff } from './policies/git.ts';
import { followPolicies, startPolicies, underPolicies } from './policies/index.ts';
import { Counts } from './counts.ts';
import type { ObserverStatus } from './status-file.ts';
import { startGauges, type GaugesOptions } from './gauges.ts';
import { startMachineDuty, type MachineDutyOptions } from './machine-duty.ts';
import { behindAppSdk } from './app-sdk.ts';
import { leadsOf } from './leads.ts';
import { librariesOf } from './libraries.ts';

export interface ProcessOptions {
  readonly settings: Settings;
  readonly version: string;
  readonly state: RecorderState;
  /** In force in this process: taken over by this. */
  readonly policies: LivePolicies;
  readonly counts: Map<string, number>;
  readonly faults: ReadonlyMap<string, string>;
  readonly whenFaulted: (listener: () => void) => void;
  readonly observers: readonly string[];
  /** Places of watched modules that were loaded, with the name of what watches them. */
  readonly foundModules: ReadonlyMap<string, string>;
  readonly appSdk: AppSdk;
  readonly loadMachineMetrics: MachineDutyOptions['load'];
  readonly loadGpus: GaugesOptions['loadGpus'];
  readonly senderProgram: string;
  unobserved: <T>(fn: () => T) => T;
  /** Hands memory of this thread to the main thread. */
  readonly share: (memory: SharedArrayBuffer) => void;
  /** Reads what threads of this process have said so far. */
  readonly readThreads: () => void;
  onSyncChild?: (before: () => void, after: () => void) => void;
}

/** Called once per process or thread, at its first span. */
export function createProcess(options: ProcessOptions): Assembly {
  const { settings, state, version, appSdk } = options;
  const counts = new Counts(options.counts);
  options.whenFaulted(() => counts.add('observer.faults'));
  const run = joinRun({ settings, count: counts.add });
  const git = createGitPart(run, options, counts.add);
  const own = createAssembly({
    settings: { ...settings, runId: run.runId },
    version,
    run,
    counts,
    observers: () => observerStatus(options),
    libraries: () => librariesOf(options.foundModules),
    held: () => state.held(),
    problems: () => [...budgets.problems(), ...policies.problems()],
    askPolicies: (ask) => policies.ask(ask),
    policies: options.policies,
    // The app's own SDK takes our metrics: nothing of ours goes out beside it.
    faults: () => (usesAppSdk(appSdk) ? [] : faultyParts(options.faults)),
    hashKey: () => run.hashKey(),
    leads: leadsOf(run, settings),
    childEnvironment: () => ({ ...run.environment(), ...git.environment() }),
    sender: { program: options.senderProgram, environment: senderEnvironment() },
    onSyncChild: options.onSyncChild,
    share: options.share,
    onEnding(isKilled) {
      options.readThreads();
      own.threads.endAll(runClock.now() + shiftNow());
      machine?.freeze();
      git.stop();
      policies.stop();
      budgets.stop();
      state.endOpen('process_exit', isKilled);
    },
    onEnded() {
      // After the last collection: a counter that is read must not be missing from it.
      stopGauges();
      run.close();
    },
  });
  const assembly = behindAppSdk(appSdk, own, version);
  const isRoot = run.role === 'root';
  const budgets = startBudgets({ run, book: state.budgets, count: counts.add });
  const policies = startPolicies({
    run,
    live: options.policies,
    book: state.budgets,
    observers: [...options.observers, ...settings.observersOff],
    runTraceId: () => state.runTraceId(),
    tell: (notice) => soon(() => state.tellPolicies(notice)),
  });
  const beginGauges = (): (() => void) =>
    startGauges({
      meter: assembly.meter,
      count: counts.add,
      settings: underPolicies(settings, options.policies),
      state,
      isRoot,
      runId: run.runId,
      loadGpus: options.loadGpus,
      unobserved: (fn) => options.unobserved(fn),
    });
  let stopGauges = beginGauges();
  const againGauges = (): void => {
    stopGauges();
    stopGauges = beginGauges();
  };
  appSdk.onMeter = againGauges;
  followPolicies(options.policies, state.budgets, againGauges);
  const machine = isRoot
    ? startMachineDuty({
        settings,
        meter: own.meter,
        load: options.loadMachineMetrics,
        // The app's own SDK measures its machine itself, or does not want to.
        isWanted: () => !usesAppSdk(appSdk),
        count: counts.add,
      })
    : undefined;
  return assembly;
}

interface GitPart {
  environment(): Record<string, string>;
  stop(): void;
}

/** The root drains the folder that git writes to; a member only passes the target on. */
function createGitPart(
  run: RunLink,
  { settings, state, unobserved, policies }: ProcessOptions,
  count: (name: string, by?: number) => void,
): GitPart {
  let duty: GitDuty | undefined;
  let user: UserTrace2 | undefined;
  if (settings.observersOff.includes('git')) return { environment: () => ({}), stop: () => undefined };
  return {
    environment() {
      const { runFolder } = run;
      if (runFolder === undefined) return {};
      const target = gitTargetOf(runFolder);
      if (run.role === 'root' && duty === undefined) {
        duty = createGitDuty({
          recorder: unlessOff(state.git, policies),
          target,
          hasStarts: settings.spanStarts,
          onCount: count,
          onFault: () => count('git.fault'),
        });
        void unobserved(() => duty?.start());
      }
      const isFirst = user === undefined;
      user ??= readUserTrace2(startedWith, unobserved);
      const environment = gitEnvironment(target, startedWith, user);
      // Seen by doctor: why git commands are plain children.
      if (isFirst && Object.keys(environment).length === 0) count('git.traced-by-user');
      return environment;
    },
    stop: () => duty?.stopSync(),
  };
}

/** What node itself may need to start in a child of ours, and nothing of the app's. */
function senderEnvironment(): Record<string, string> {
  const names = ['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'NODE_EXTRA_CA_CERTS', 'SystemRoot'];
  return Object.fromEntries(names.flatMap((name) => (startedWith[name] === undefined ? [] : [[name, startedWith[name]]])));
}

/** Declared functions that match nothing are told one by one to `doctor` alone: their files are nobody else's business. */
function faultyParts(faults: ReadonlyMap<string, string>): Set<string> {
  return new Set([...faults.keys()].map((name) => (name.startsWith('function ') ? 'functions' : name)));
}

/** Which observers are on, and why. */
function observerStatus({ faults, observers, settings, appSdk }: ProcessOptions): Record<string, ObserverStatus> {
  const status: Record<string, ObserverStatus> = {};
  for (const name of observers) status[name] = { isOn: true, why: 'armed' };
  for (const name of settings.observersOff) status[name] = { isOn: false, why: 'SWARMSCOPE_OBSERVERS_OFF' };
  for (const [name, reason] of faults) status[name] = { isOn: false, why: reason };
  if (usesAppSdk(appSdk)) status['instrumentations'] = { isOn: appSdk.isOn, why: "spans and metrics go to the app's own SDK" };
  return status;
}
