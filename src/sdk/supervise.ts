/** The supervisor's part of a run: its root span, the git reader, GPU sampling, the run channel, and what the program is started with. */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gitEnvironment } from '../config/git/environment.ts';
import { gitSocketOf } from '../config/git/target.ts';
import { readUserTrace2 } from '../config/git/user-trace2.ts';
import { cacheFolder, type Settings } from '../config/settings.ts';
import { startedWith } from '../config/started-with.ts';
import { givenServiceName } from './resource.ts';
import { childEnvironment } from '../observers/child-process/environment.ts';
import { classify } from '../observers/child-process/classify.ts';
import { preloadCopy } from '../observers/child-process/preload-copy.ts';
import { createRecorder, type RecorderState } from '../recording/index.ts';
import type { Assembly } from '../recording/types.ts';
import { createGitDuty } from '../root/git/index.ts';
import { joinRun } from '../root/index.ts';
import { createSupervisorAssembly, type ProcessAssembly } from './assembly.ts';
import { startGauges } from './gauges.ts';
import { startMachineDuty } from './machine-duty.ts';
import type * as MachineMetrics from './machine-metrics/index.ts';
import type { Hop } from './ledger.ts';
import { runSink } from './metrics/sink.ts';

export interface SupervisorOptions {
  /** With `ownEndpoint` at the embedded receiver and `runId` set. */
  readonly settings: Settings;
  readonly version: string;
  /** Name of the run: low-cardinality. */
  readonly name: string;
  /** The command that will be run: an agent CLI gets its own agent span and its own telemetry. */
  readonly program: readonly [string, ...string[]];
  /** Folder of the built preload, `dist`. */
  readonly preloadFolder: string;
  readonly onWarning: (message: string) => void;
  /** What is passed on to another endpoint; read when metrics are collected. */
  readonly hops?: (() => Iterable<Hop>) | undefined;
}

export interface Supervisor {
  /** What the program's environment gains. */
  readonly environment: Readonly<Record<string, string>>;
  /** Observed processes that are connected now. */
  memberCount(): number;
  /** Ends the run's span with what was recorded, and sends it. */
  /** `beforeLastWord` is awaited before the last metrics, for what they shall tell. */
  end(end: { errorType?: string | undefined; timeoutMs: number; beforeLastWord?: () => Promise<void> }): Promise<void>;
}

/** Starts everything a run needs before its program. Never throws: what cannot be had is warned about and left out. */
export async function startSupervisor({
  settings,
  version,
  name,
  program,
  preloadFolder,
  onWarning,
  hops,
}: SupervisorOptions): Promise<Supervisor> {
  const late: { count?: (name: string) => void } = {};
  const run = joinRun({ settings, processKey: randomUUID(), isSupervisor: true, count: (name) => late.count?.(name) });
  let state: RecorderState | undefined;
  const assembly: ProcessAssembly = createSupervisorAssembly({
    settings,
    version,
    metricsSink: runSink(run, () => assembly),
    hops,
  });
  late.count = (name) => assembly.count(name);
  const recorder = createRecorder({
    settings,
    traceparent: undefined,
    tracestate: undefined,
    count: (name, by) => assembly.count(name, by),
    loadPricing: () => ({ priceOf: () => undefined, contextWindowOf: () => undefined }),
    loadAssembly(given): Assembly {
      state = given;
      return assembly;
    },
  });
  const activity = recorder.startRun(name);
  const what = classify(program[0], program.slice(1));
  const agent =
    what.agentName === undefined
      ? undefined
      : recorder.within(activity.frame, () => recorder.startChildProcess({ executable: what.executable, agentName: what.agentName }));
  const runVariables = run.environment();
  if (run.reason !== undefined)
    onWarning(`The run folder could not be made (${run.reason}): git and the metrics of child processes are not merged.`);
  const git = await startGit();
  const stopGauges =
    state === undefined ? () => undefined : startGauges({ assembly, settings, state, isRoot: true, unobserved: (fn) => fn() });

  const machine = startMachineDuty({
    settings,
    meter: assembly.meter,
    load: () => createRequire(join(preloadFolder, 'cli.mjs'))('./machine.cjs') as typeof MachineMetrics,
    isWanted: () => true,
    count: (name) => assembly.count(name),
  });

  async function startGit(): Promise<{ stop(): Promise<void>; environment: Record<string, string> }> {
    const none = { stop: () => Promise.resolve(), environment: {} };
    if (run.runFolder === undefined || settings.observersOff.includes('git')) return none;
    const target = { socket: gitSocketOf(run.runFolder) };
    try {
      const duty = createGitDuty({
        recorder,
        target,
        hasStarts: settings.spanStarts,
        onCount: (name, by) => assembly.count(name, by),
      });
      await duty.start();
      return {
        stop: () => duty.stop(),
        environment: gitEnvironment(
          target,
          startedWith,
          readUserTrace2(startedWith, (fn) => fn()),
        ),
      };
    } catch (error) {
      onWarning(`git commands will not be seen: ${error instanceof Error ? error.message : String(error)}`);
      return none;
    }
  }

  function preload(): string | undefined {
    try {
      return preloadCopy(preloadFolder, cacheFolder(settings), version);
    } catch (error) {
      onWarning(
        `The preload could not be copied to ${cacheFolder(settings)}; Node processes will not be seen (${error instanceof Error ? error.message : String(error)}). Set XDG_CACHE_HOME to a writable folder.`,
      );
      return undefined;
    }
  }

  const theirs = Object.fromEntries(Object.entries(startedWith).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const environment: Record<string, string> = {
    ...childEnvironment({
      theirs,
      started: startedWith,
      carrier: recorder.carrier((agent ?? activity).frame),
      run: { ...runVariables, ...git.environment },
      preload: preload(),
      agentName: what.agentName,
      settings,
    }),
    SWARMSCOPE_ENDPOINT: settings.ownEndpoint,
    // For a child with an environment of its own, too: it is called as the others are.
    SWARMSCOPE_RUN_NAME: givenServiceName(settings),
    SWARMSCOPE_AGENTS: String(settings.agents),
    SWARMSCOPE_SPAN_STARTS: String(settings.spanStarts),
  };

  return {
    environment,
    memberCount: () => run.members().length,
    async end({ errorType, timeoutMs, beforeLastWord }) {
      machine.freeze();
      await git.stop();
      agent?.end({ errorType });
      activity.end({ errorType });
      state?.endOpen('run_ended');
      await assembly.flush(timeoutMs, beforeLastWord);
      stopGauges();
      run.close();
      assembly.close();
    },
  };
}
