/** `swarmscope run`: receiver, store and supervisor around one program, a status line, and the report at its end. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runClock } from '../../config/run-clock.ts';
import { LivePolicies, withLiveContent } from '../../config/policies/live.ts';
import type { Settings } from '../../config/settings/index.ts';
import { startedWith } from '../../config/started-with.ts';
import * as catalogue from '../../observers/catalogue.ts';
import { startSupervisor, type Supervisor } from '../../sdk/supervisor.ts';
import { warn } from '../streams.ts';
import { assertWritable, deliverReport } from './deliver.ts';
import { endRun } from './end.ts';
import { yieldFirstPlace } from './first-process.ts';
import { tellFindings } from './findings.ts';
import { openGateway } from './gateway.ts';
import { watchLeft } from './left.ts';
import { startParts, type Parts, type RunOptions } from './parts.ts';
import { watchProcesses } from './processes.ts';
import { exitCodeOf, startProgram, type Program } from './program.ts';
import { watchSessionFiles } from './session-files/index.ts';
import { settingsOf } from './settings.ts';
import { makeShims } from './shims/index.ts';
import { prepareStatus } from './status.ts';
import { soonerSettings, startView } from './view.ts';

/** Runs the program; resolves with the exit code to end with. */
export async function runProgram(options: RunOptions): Promise<number> {
  yieldFirstPlace();
  for (const file of [options.jsonFile, options.reportFile]) if (file !== undefined) assertWritable(file);
  const policies = new LivePolicies();
  const settings = settingsOf();
  const parts = await startParts(options, withLiveContent(settings, policies));
  const view = await startView(parts, options, settings);
  const supervisor = await startSupervisor({
    settings: {
      ...settings,
      ...{ ownEndpoint: parts.receiver.endpoint, runId: parts.run.id, runName: parts.run.name },
      ...underRun(settings),
      ...soonerSettings(options, settings),
    },
    version: __SWARMSCOPE_VERSION__,
    program: options.program,
    preloadFolder: fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, ''),
    policies,
    observers: Object.values(catalogue).map(({ name }) => name),
    onWarning: warn,
    hops: () => parts.forwarding?.hops() ?? [],
  });
  // Node's debugger would be opened by it.
  process.on('SIGUSR1', () => supervisor.rereadPolicies());
  const left = watchLeft(parts, supervisor.runFolder);
  const processes = watchProcesses(settings, parts.run.id, supervisor);
  if (processes !== undefined) parts.owners.use(processes);
  const sessions = processes === undefined ? undefined : watchSessionFiles({ tree: processes, settings, ...parts });
  const isGateway = options.isGateway || settings.gateway;
  if (isGateway) parts.owners.prepare();
  const gateway = isGateway ? await openGateway({ supervisor, settings, ...parts, ownerOf: parts.owners.callerOf }) : undefined;
  const status = prepareStatus(options.isQuiet);
  let program: Program;
  await processes?.ready();
  // What came before is our own start, which is no part of the run.
  const startMs = runClock.now();
  try {
    program = await startProgram(options.program, {
      ...startedWith,
      ...view?.environment,
      ...supervisor.environment,
      ...gateway?.environment,
      ...scopeOf(options),
      ...shimsOf(parts, supervisor, settings, gateway?.environment),
    });
  } catch (error) {
    await endRun(parts, supervisor, { code: undefined, signal: undefined }, { left, processes, sessions, endMs: runClock.now() });
    await gateway?.stop();
    await view?.close();
    parts.store.close();
    // A program that could not be started leaves no stored run.
    if (parts.store.path !== ':memory:') rmSync(dirname(parts.store.path), { recursive: true, force: true });
    throw error;
  }
  processes?.begin(program.pid);
  parts.store.startRun({ ...parts.run, startMs, pid: program.pid });
  parts.view?.begin(startMs);
  status.begin({ ...parts, startMs, processes });
  const telling = tellFindings({ ...parts, supervisor, processes, settings, onChange: status.look, command: options.notify });
  supervisor.started();
  outliveFaults();
  const ended = await program.ended;
  const endMs = runClock.now();
  processes?.programEnded(program.pid, ended);
  status.stop();
  try {
    await telling.finish();
    await gateway?.finish();
    await endRun(parts, supervisor, ended, { left, processes, sessions, endMs });
  } catch (error) {
    warn(`The end of this run was not recorded whole (a fault of ours: ${String(error)}).`);
  }
  view?.runEnded(ended);
  await deliverReport(parts.store, parts.run.id, options);
  await view?.stay();
  return exitCodeOf(ended);
}

/** From now on a program runs whose exit code we owe: a fault in what watches it costs what it would have recorded. */
function outliveFaults(): void {
  let isSaid = false;
  process.on('uncaughtException', (error) => {
    if (!isSaid) warn(`A fault of ours, something of this run is not recorded: ${String(error)}`);
    isSaid = true;
  });
}

/** Nothing where the telemetry of agents is off: then none is told anything. */
function shimsOf(
  { receiver: { endpoint } }: Parts,
  { runFolder, environment, claudeEnvironment: claude }: Supervisor,
  settings: Settings,
  gateway: Readonly<Record<string, string>> = {},
): Record<string, string> {
  if (runFolder === undefined || !underRun(settings).agents) return {};
  const told = { ...startedWith, ...environment, ...gateway };
  return makeShims({ runFolder, endpoint, claude, environment: told, gateway: Object.keys(gateway), wanted: settings.shims });
}

function scopeOf({ traceScope }: RunOptions): Record<string, string> {
  return traceScope === undefined ? {} : { SWARMSCOPE_TRACE_SCOPE: traceScope };
}

/** Span starts and the agents' own telemetry are on under `run`, unless the user said otherwise. */
function underRun(settings: Settings): Pick<Settings, 'spanStarts' | 'agents'> {
  return {
    spanStarts: settings.given.has('spanStarts') ? settings.spanStarts : true,
    agents: settings.given.has('agents') ? settings.agents : true,
  };
}
