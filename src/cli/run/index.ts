/** `swarmscope run`: receiver, store and supervisor around one program, a live line meanwhile, the report at its end. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunRow } from '../../analysis/model.ts';
import { dataFolder, readSettings, type Settings } from '../../config/settings.ts';
import { startedWith } from '../../config/started-with.ts';
import { bookSpool, startSupervisor, type DiskTally, type Hop, type Supervisor } from '../../sdk/supervisor.ts';
import { maskRequest } from '../../otlp/mask/index.ts';
import {
  createForwardSpool,
  createLive,
  removeOldRuns,
  startForwarder,
  startReceiver,
  startRunStore,
  ViewerError,
  type Forwarder,
  type ForwardSpool,
  type Live,
  type Receiver,
  type Store,
} from '../../viewer/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { assertWritable, deliverReport } from './deliver.ts';
import { showStatus } from './status.ts';
import { exitCodeOf, startProgram, type Program, type ProgramEnd } from './program.ts';

/** What the command line asked for. */
export interface RunOptions {
  readonly program: readonly [file: string, ...args: string[]];
  readonly exportUrl: string | undefined;
  readonly jsonFile: string | undefined;
  readonly reportFile: string | undefined;
  readonly name: string | undefined;
  readonly port: number | undefined;
  readonly isQuiet: boolean;
  readonly traceScope: string | undefined;
}

/** What ends with the program may still be sending: waited for at most this long. */
const STRAGGLERS_MS = 1_500;
/** A receiver without a request for this long has heard all there is. */
const QUIET_MS = 120;
/** Longest wait for the last words of our own recording. */
const FLUSH_MS = 2_000;
/** Longest wait until it is known what became of what was passed on, so that the last metrics can tell. */
const SETTLE_MS = 1_000;
/** Longest wait for the upstream endpoint at the end. */
const FORWARD_MS = 5_000;

interface Parts {
  readonly run: RunRow;
  readonly store: Store;
  readonly live: Live;
  readonly forwarder: Forwarder | undefined;
  readonly spool: ForwardSpool | undefined;
  /** What the spool sent or gave up. */
  readonly disk: DiskTallies;
  readonly receiver: Receiver;
}

type DiskTallies = Readonly<Record<Hop['signal'], DiskTally>>;

/** Runs the program; resolves with the exit code to end with. */
export async function runProgram(options: RunOptions): Promise<number> {
  for (const file of [options.jsonFile, options.reportFile]) if (file !== undefined) assertWritable(file);
  const settings = settingsOf();
  const parts = await startParts(options, settings);
  const supervisor = await startSupervisor({
    settings: { ...settings, ownEndpoint: parts.receiver.url, runId: parts.run.id, runName: parts.run.name, ...underRun(settings) },
    version: __SWARMSCOPE_VERSION__,
    program: options.program,
    preloadFolder: fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, ''),
    onWarning: warn,
    hops: () => hopsOf(parts),
  });
  let program: Program;
  try {
    program = await startProgram(options.program, { ...startedWith, ...supervisor.environment, ...scopeOf(options) });
  } catch (error) {
    await end(parts, supervisor, { code: undefined, signal: undefined });
    parts.store.close();
    // A run that never began is none.
    if (parts.store.path !== ':memory:') rmSync(dirname(parts.store.path), { recursive: true, force: true });
    throw error;
  }
  const stopStatus = showStatus({ live: parts.live, startMs: parts.run.startMs, isQuiet: options.isQuiet });
  const ended = await program.ended;
  stopStatus();
  await end(parts, supervisor, ended);
  try {
    deliverReport(parts.store, { ...options, onWarning: warn });
  } catch (error) {
    // A fault in our report must not change how the program ended.
    warn(`The report could not be made: ${String(error)}. What was recorded is kept; try: swarmscope report ${parts.run.id}`);
  }
  parts.store.close();
  return exitCodeOf(ended);
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

function settingsOf(): Settings {
  const settings = readSettings();
  for (const { env, expected, received } of settings.problems)
    warn(`${env}: expected ${expected}, received ${received}; the default is used.`);
  return settings;
}

async function startParts(options: RunOptions, settings: Settings): Promise<Parts> {
  const run: RunRow = {
    id: newRunId(new Date()),
    name: options.name ?? programName(options.program),
    command: basename(options.program[0]),
    startMs: Date.now(),
    endMs: undefined,
    exitCode: undefined,
    signal: undefined,
  };
  const folder = dataFolder(settings);
  const { store, warning } = startRunStore({ dataFolder: folder, run });
  if (warning !== undefined) warn(warning);
  removeOldRuns({ dataFolder: folder, keepId: run.id });
  const live = createLive();
  const exportUrl = options.exportUrl ?? settings.exportUrl;
  const disk: DiskTallies = { traces: { sent: 0, dropped: {} }, logs: { sent: 0, dropped: {} } };
  const spool = exportUrl === '' ? undefined : spoolFor({ baseUrl: exportUrl, settings, store, disk });
  const forwarder =
    exportUrl === ''
      ? undefined
      : startForwarder({ baseUrl: exportUrl, headers: settings.headers, tls: settings, timeoutMs: settings.timeoutMs, spool });
  const receiver = await openReceiver(options.port, { store, live, handOn: forwarder && handOnTo(forwarder, settings) }).catch(
    (error: unknown) => {
      store.close();
      throw error;
    },
  );
  return { run, store, live, forwarder, spool, disk, receiver };
}

/** What it had to give up stands in the report. */
function spoolFor({
  baseUrl,
  settings,
  store,
  disk,
}: Pick<Parts, 'store' | 'disk'> & { baseUrl: string; settings: Settings }): ForwardSpool | undefined {
  const count = (name: string, by: number, signal: Hop['signal']): void => {
    bookSpool(disk[signal], name, by);
    if (name !== 'spool.sent') store.addLosses({ [`forward.${name}`]: by });
  };
  return createForwardSpool({ settings, baseUrl, version: __SWARMSCOPE_VERSION__, count });
}

/** The account of what is passed on, for the metrics of the run. */
function hopsOf({ forwarder, disk }: Pick<Parts, 'forwarder' | 'disk'>): Hop[] {
  if (forwarder === undefined) return [];
  return (['traces', 'logs'] as const).map((signal) => {
    const { received, sent, dropped } = forwarder.items()[signal];
    const gone = disk[signal];
    return { signal, received, sent: sent + gone.sent, dropped: { ...dropped, ...gone.dropped } };
  });
}

/** Content that other programs sent stays in as ours does. */
function handOnTo(forwarder: Forwarder, { captureContent }: Settings): Forwarder['forward'] {
  return (received, items) => forwarder.forward(captureContent === 'on' ? received : maskRequest(received), items);
}

async function openReceiver(
  port: number | undefined,
  { store, live, handOn }: Pick<Parts, 'store' | 'live'> & { handOn: Forwarder['forward'] | undefined },
): Promise<Receiver> {
  try {
    return await startReceiver({
      port: port ?? 0,
      onTraces(rows, received) {
        store.addTraces(rows);
        live.addTraces(rows);
        handOn?.(received, rows.spans.length);
      },
      onMetrics(rows, received) {
        store.addMetrics(rows);
        handOn?.(received);
      },
      onLogs(rows, received) {
        store.addLogs(rows);
        live.addLogs(rows);
        handOn?.(received, rows.logs.length + rows.openSpans.length);
      },
    });
  } catch (cause) {
    if (cause instanceof ViewerError && cause.code === 'port_in_use') {
      throw new SwarmscopeError(
        'PORT_IN_USE',
        `Port ${port ?? 0} is in use. Choose another with --port, or leave --port out for a free one.`,
        { cause },
      );
    }
    throw cause;
  }
}

/** Lets stragglers finish, ends the run's own span, and closes in the order in which the parts depend on each other. */
async function end({ run, store, forwarder, spool, receiver }: Parts, supervisor: Supervisor, ended: ProgramEnd): Promise<void> {
  const endMs = Date.now();
  await stragglers(supervisor, receiver);
  const hasFailed = ended.signal !== undefined || (ended.code ?? 0) !== 0;
  await supervisor.end({
    errorType: hasFailed ? (ended.signal ?? String(ended.code)) : undefined,
    timeoutMs: FLUSH_MS,
    beforeLedger: () => forwarder?.settled(SETTLE_MS) ?? Promise.resolve(),
  });
  await receiver.close();
  store.addLosses(refusedBy(receiver));
  store.endRun({ id: run.id, endMs, exitCode: ended.code, signal: ended.signal });
  if (forwarder === undefined) return;
  await forwarder.drain(FORWARD_MS);
  await spool?.finish(FORWARD_MS);
  const { spooledRequests } = forwarder.counts();
  if (spooledRequests > 0)
    warn(`${forwarder.target} took not all: ${spooledRequests} requests wait on disk and go out with a later run that reaches it.`);
  for (const [reason, requests] of Object.entries(forwarder.counts().dropped)) store.addLosses({ [`forward.${reason}`]: requests });
}

/** Until no observed process is connected and the receiver has been quiet for a moment, at most `STRAGGLERS_MS`. */
async function stragglers(supervisor: Supervisor, receiver: Receiver): Promise<void> {
  const deadline = Date.now() + STRAGGLERS_MS;
  let requests = requestCount(receiver);
  let quietSince = Date.now();
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = requestCount(receiver);
    if (now !== requests) quietSince = Date.now();
    requests = now;
    if (supervisor.memberCount() === 0 && Date.now() - quietSince >= QUIET_MS) return;
  }
}

/** What was sent to us and could not be taken: too large, malformed, not ours. */
function refusedBy(receiver: Receiver): Record<string, number> {
  const refused = Object.entries(receiver.counts()).filter(([answer]) => Number(answer.split('.').at(-1)) >= 400);
  return Object.fromEntries(refused.map(([answer, requests]) => [`request.${answer}`, requests]));
}

function requestCount(receiver: Receiver): number {
  return Object.values(receiver.counts()).reduce((sum, count) => sum + count, 0);
}

/** Sortable by time, unique enough for one machine: `20261121-134501-a3f0`. */
function newRunId(now: Date): string {
  const digits = now.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(2).toString('hex')}`;
}

/** `node swarm.js` -> `swarm`; a name without folders, since names are shown. */
function programName([file, ...args]: readonly [string, ...string[]]): string {
  // Code given on the command line is content: it must not become a name.
  const hasCode = args.some((arg) => /^(?:-[a-z]*[ep]|--eval|--print|-c)$/.test(arg));
  const script = hasCode ? undefined : args.find((arg) => !arg.startsWith('-') && /^[\w./\\@-]+$/.test(arg));
  const isRunner = /^(?:node|tsx|npx|bun|deno|python3?)(?:\.exe)?$/.test(basename(file));
  return basename(isRunner && script !== undefined ? script : file).replace(/\.[cm]?[jt]s$/, '') || 'run';
}

function warn(message: string): void {
  process.stderr.write(`swarmscope: ${message}\n`);
}
