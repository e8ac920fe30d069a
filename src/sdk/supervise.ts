/** The supervisor's part of a run: root span, git reader, GPU sampling, run channel, and the program's environment. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { homeOf } from '../config/folders.ts';
import { hasCollector, runEnvironment, setUpInFiles } from '../config/run-environment/index.ts';
import type { SettingProblem, Settings } from '../config/settings/index.ts';
import { clockSteps } from '../config/clock-steps.ts';
import type { LivePolicies } from '../config/policies/live.ts';
import { runClock } from '../config/run-clock.ts';
import { startedWith } from '../config/started-with.ts';
import { classify } from '../programs/classify.ts';
import { childEnvironment } from '../observers/child-process/environment.ts';
import { environmentOf, isNodeProgram, type Handed } from '../observers/child-process/handed.ts';
import { noteOldNode } from '../config/unseen.ts';
import { createPricing, type Pricing } from '../pricing/table.ts';
import { createRecorder, type RecorderState } from '../recording/index.ts';
import type { GitCallers } from '../root/git/callers.ts';
import { leadRun, type ProcessLife } from '../root/index.ts';
import type * as Gpus from '../machine/gpu/index.ts';
import { linuxProcesses } from '../machine/process-table.ts';
import { ATTR_SWARMSCOPE_PROCESS_CHILDREN_CPU_TIME, ATTR_SWARMSCOPE_PROCESS_SIGNAL } from '../semconv/index.ts';
import type { LogRecord } from '../semconv/telemetry.ts';
import { createSupervisorAssembly } from './assembly.ts';
import { startBudgets, type BudgetsDuty } from './budgets.ts';
import { Counts } from './counts.ts';
import { startGauges } from './gauges.ts';
import type { Hop } from './ledger.ts';
import { startMachineDuty } from './machine-duty.ts';
import type * as MachineMetrics from './machine-metrics/index.ts';
import { followPolicies, leadPolicies, underPolicies, type PoliciesDuty } from './policies/index.ts';
import { startGit } from './supervised-git.ts';
import { preloadOf } from './supervised-preload.ts';
import { seenCalls, type SeenCalls } from './seen-calls.ts';
import { seenProcesses, type SeenProcesses } from './process-spans.ts';
import { givenServiceName } from './resource.ts';

export interface SupervisorOptions {
  /** With `ownEndpoint` at the embedded receiver; `runId` and `runName` are those of the run. */
  readonly settings: Settings;
  readonly version: string;
  /** The command that will be run: an agent CLI gets its own agent span and its own telemetry. */
  readonly program: readonly [string, ...string[]];
  /** Folder of the built preload, `dist`. */
  readonly preloadFolder: string;
  /** Takes what is in force in the run. */
  readonly policies: LivePolicies;
  /** Names of observers that a policy may switch off. */
  readonly observers: readonly string[];
  readonly onWarning: (message: string) => void;
  /** What is passed on to another endpoint; read when metrics are collected. */
  readonly hops?: (() => Iterable<Hop>) | undefined;
}

export interface Supervisor {
  /** What the program's environment gains. */
  readonly environment: Readonly<Record<string, string>>;
  /** What Claude alone is told besides; empty where its telemetry is left as it is. */
  readonly claudeEnvironment: Readonly<Record<string, string>>;
  /** Of the run; undefined where it could not be made. */
  readonly runFolder: string | undefined;
  /** A signal asks for the config file to be read again. */
  rereadPolicies(): void;
  /** Records LLM calls that were seen from outside of the programs that made them. */
  readonly calls: SeenCalls;
  /** Of the hashes of content. */
  hashKey(): Uint8Array;
  /** Sends a log record of the run. */
  tell(record: LogRecord): void;
  /** Where spans of processes that were seen from outside are made. */
  readonly processes: SeenProcesses;
  /** From now on git commands are asked who ran them. */
  useCallers(callers: GitCallers): void;
  memberCount(): number;
  /** The program was started. */
  started(): void;
  /** Processes that could not load the preload, by what they were; known once the run has ended. */
  unseen(): readonly { readonly name: string; readonly count: number }[];
  /** What was lost, where that can be known: the folder of the run was emptied by somebody, the clock was set. */
  losses(): Readonly<Record<string, number>>;
  /** Of all processes that told something, once the run has ended. */
  lives(): ProcessLife[];
  /** Ends the run's span and sends it. `beforeLedger` is awaited before the metrics of what was sent. */
  end(end: {
    errorType?: string | undefined;
    /** The signal that asked the run to end. */
    interruptedBy?: string | undefined;
    timeoutMs: number;
    beforeLedger?: () => Promise<void>;
    /** Called once before the folder of the run goes. */
    beforeFolderGoes?: () => void;
    /** Requests that the receiver refused, by answer; for the status file. */
    refused?: Readonly<Record<string, number>>;
    /** Spans that arrived and whose process nobody could tell; for the status file. */
    unknownSpans?: number;
  }): Promise<void>;
}

/** Begins the counter of requests that the receiver of the run refused: `receiver.refused.traces.413`. */
export const REFUSED_COUNTER = 'receiver.refused.';

/** Begins the counter of a variable that was not told to the programs of a run: `left.chosen.NAME`. */
export const LEFT_COUNTER = 'left.';

/** Counts spans that arrived and stayed below the run, since nobody could tell whose they are. */
export const UNKNOWN_COUNTER = 'receiver.owner-unknown';

/** Time between two looks at the folder of the run; each takes some microseconds. */
const LOOK_MS = 100;

/** Starts everything a run needs before its program. Never throws: what cannot be had is warned about and left out. */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { settings, version, program, policies, preloadFolder, onWarning, hops } = options;
  const counts = new Counts();
  runClock.hold();
  const run = leadRun({ settings, count: counts.add });
  let budgets: BudgetsDuty | undefined;
  let duty: PoliciesDuty | undefined;
  const problems = (): SettingProblem[] => [...(budgets?.problems() ?? []), ...(duty?.problems() ?? [])];
  const assembly = createSupervisorAssembly({ settings, version, run, counts, hops, problems, policies });
  let state: RecorderState | undefined;
  let pricing: Pricing | undefined;
  const recorder = createRecorder({
    settings,
    policies,
    traceparent: undefined,
    tracestate: undefined,
    count: counts.add,
    loadPricing: () => (pricing ??= createPricing(settings)),
    loadAssembly(given) {
      state = given;
      return assembly;
    },
  });
  const activity = recorder.startRun(settings.runName);
  const { executable, agentName, startsAgent } = classify(program[0], program.slice(1));
  const agent =
    agentName === undefined ? undefined : recorder.within(activity.frame, () => recorder.startChildProcess({ executable, agentName }));
  const runVariables = run.environment();
  if (run.reason !== undefined)
    onWarning(`The run folder could not be made (${run.reason}): git and the metrics of child processes are not merged.`);
  let callers: GitCallers | undefined;
  const git = await startGit(recorder, run.runFolder, counts, options, () => callers);
  const { meter } = assembly;
  const bundle = (name: string): unknown => createRequire(join(preloadFolder, 'cli.mjs'))(`./${name}`);
  let stopGauges = (): void => undefined;
  if (state !== undefined) {
    const known = state;
    budgets = startBudgets({ run, book: known.budgets, count: counts.add, onProblem: onWarning });
    budgets.look();
    duty = leadPolicies({ run, live: policies, state: known, observers: options.observers, onWarning });
    const gauges = (): (() => void) =>
      startGauges({
        meter,
        count: counts.add,
        settings: underPolicies(settings, policies),
        state: known,
        isRoot: true,
        runId: run.runId,
        loadGpus: () => bundle('gpu.cjs') as typeof Gpus,
        unobserved: (fn) => fn(),
      });
    stopGauges = gauges();
    followPolicies(policies, known.budgets, () => {
      stopGauges();
      stopGauges = gauges();
    });
  }
  const machine = startMachineDuty({
    settings,
    meter,
    load: () => bundle('machine.cjs') as typeof MachineMetrics,
    isWanted: () => true,
    count: counts.add,
  });
  const theirs = Object.fromEntries(Object.entries(startedWith).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const [file, ...args] = program;
  const told = await tellEveryone(theirs, settings, counts);
  const handed: Handed = environmentOf(
    { isSync: false, file, args, cwd: undefined, environment: { ...theirs, ...told }, isOtherUser: false },
    {
      copy: preloadOf(options),
      carrier: recorder.carrier((agent ?? activity).frame),
      run: { ...runVariables, ...git.environment },
      agentName: agentName ?? startsAgent,
      settings,
    },
  );
  const environment = {
    ...told,
    ...handed.environment,
    SWARMSCOPE_ENDPOINT: settings.ownEndpoint,
    // For a child with an environment of its own, too: it is called as the others are.
    SWARMSCOPE_RUN_NAME: givenServiceName(settings),
    SWARMSCOPE_AGENTS: String(settings.agents),
    SWARMSCOPE_SPAN_STARTS: String(settings.spanStarts),
  };
  run.tell(Object.fromEntries(Object.entries(environment).filter(([name]) => /^(?:SWARMSCOPE_|TRACE)/.test(name))));

  // Cleaners and programs empty temporary folders; until it is whole again, git finds nobody to tell.
  let emptied = 0;
  const watch = setInterval(() => {
    clockSteps.look();
    if (!run.mend()) return;
    emptied += 1;
    git.startAgain().catch((error: unknown) => onWarning(`git commands are no longer seen: ${String(error)}`));
  }, LOOK_MS);
  const table = linuxProcesses();
  const childCpuMs = (): number => table?.stat(process.pid)?.childCpuMs ?? NaN;
  const cpuBeforeMs = childCpuMs();
  let unseen: ReturnType<Supervisor['unseen']> = [];
  return {
    environment,
    claudeEnvironment: told['BETA_TRACING_ENDPOINT'] === undefined ? {} : claudeAlone({ ...theirs, ...told }, settings),
    runFolder: run.runFolder,
    rereadPolicies: () => duty?.reread(),
    calls: seenCalls(recorder, activity.frame),
    hashKey: () => run.hashKey(),
    tell: (record) => assembly.emitLog(record),
    processes: seenProcesses(recorder, meter, activity, agent ?? activity, agentName),
    useCallers: (given) => void (callers = given),
    memberCount: () => run.memberCount(),
    started() {
      if (handed.oldNode !== undefined) noteOldNode(run.runFolder ?? '', handed.oldNode, isNodeProgram({ executable }));
    },
    unseen: () => unseen,
    losses: () => ({
      ...(emptied === 0 ? {} : { 'run folder emptied (git commands)': emptied }),
      ...Object.fromEntries(clockSteps.changesMs.map((changeMs) => [clockSetText(changeMs), 1])),
    }),
    lives: () => run.lives(),
    async end({ errorType, interruptedBy, timeoutMs, beforeLedger, beforeFolderGoes, refused = {}, unknownSpans = 0 }) {
      if (unknownSpans > 0) counts.add(UNKNOWN_COUNTER, unknownSpans);
      for (const [answer, requests] of Object.entries(refused)) counts.add(REFUSED_COUNTER + answer, requests);
      machine.freeze();
      clearInterval(watch);
      await git.stop();
      agent?.end({ errorType });
      const cpuSeconds = (childCpuMs() - cpuBeforeMs) / 1_000;
      activity.end({
        errorType,
        attributes: {
          [ATTR_SWARMSCOPE_PROCESS_SIGNAL]: interruptedBy,
          [ATTR_SWARMSCOPE_PROCESS_CHILDREN_CPU_TIME]: Number.isNaN(cpuSeconds) ? undefined : cpuSeconds,
        },
      });
      state?.endOpen('run_ended');
      duty?.stop();
      budgets?.stop();
      await assembly.flush(timeoutMs, beforeLedger);
      stopGauges();
      unseen = run.unseen();
      beforeFolderGoes?.();
      run.close();
      assembly.close();
    },
  };
}

/** What every descendant has, whoever starts it; what was left as it is stands in the status file, for `doctor`. */
async function tellEveryone(
  theirs: Readonly<Record<string, string>>,
  settings: Settings,
  counts: Counts,
): Promise<Readonly<Record<string, string>>> {
  const { variables, left } = runEnvironment({
    theirs,
    endpoint: settings.ownEndpoint,
    knowsOwners: process.platform === 'linux',
    hasCollector: await hasCollector(),
    agents: settings.agents,
    setUpInFiles: setUpInFiles(homeOf(settings)),
    off: settings.childEnvironmentOff,
  });
  for (const { name, because } of left) counts.add(`${LEFT_COUNTER}${because}.${name}`);
  return variables;
}

/** What a Claude that Node starts is told, for one that anybody starts. */
function claudeAlone(theirs: Readonly<Record<string, string>>, settings: Settings): Record<string, string> {
  const all = childEnvironment({ theirs, started: {}, carrier: {}, run: {}, preload: undefined, agentName: 'claude', settings });
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => value !== '' && /^(?:CLAUDE_CODE|OTEL)_/.test(name)));
}

/** Nothing is lost by it; the times of programs that have no clock of the run are put right as far as they can be. */
function clockSetText(changeMs: number): string {
  return `clock set ${changeMs < 0 ? 'back' : 'forward'} by ${(Math.abs(changeMs) / 1_000).toFixed(1)} s`;
}
