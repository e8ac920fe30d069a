/** `swarmscope gateway`: the gateway for programs that are started elsewhere, as a run of its own until it is interrupted. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataFolder } from '../../config/folders.ts';
import { makePrivateFolder } from '../../config/private-folder.ts';
import { runClock } from '../../config/run-clock.ts';
import { LivePolicies, withLiveContent } from '../../config/policies/live.ts';
import type { Settings } from '../../config/settings/index.ts';
import { readPrivate } from '../../config/small-file.ts';
import { writeWhole } from '../../config/write-whole.ts';
import * as catalogue from '../../observers/catalogue.ts';
import { startSupervisor, type Supervisor } from '../../sdk/supervisor.ts';
import { SwarmscopeError } from '../errors.ts';
import { print, warn } from '../streams.ts';
import { createCallers } from './callers.ts';
import { assertWritable, deliverReport } from './deliver.ts';
import { endRun } from './end.ts';
import { tellFindings } from './findings.ts';
import { beginGateway, reasonOf, type GatewayPart } from './gateway.ts';
import { startParts, type RunOptions } from './parts.ts';
import { settingsOf } from './settings.ts';
import { prepareStatus } from './status.ts';

export interface GatewayAloneOptions extends Omit<RunOptions, 'program' | 'isGateway' | 'traceScope' | 'port'> {
  readonly gatewayPort: number | undefined;
}

/** Its process only hands on: what the programs did between their calls is not known. No process has this number. */
const NO_PROGRAM = 0;

/** No process of it was started by us. */
const nothingBeside = () => ({ left: undefined, processes: undefined, sessions: undefined, endMs: runClock.now() });

/** Resolves when it has been interrupted and the report is made. @throws SwarmscopeError `GATEWAY`, `PORT_IN_USE` */
export async function runGatewayAlone({ gatewayPort, ...options }: GatewayAloneOptions): Promise<number> {
  for (const file of [options.jsonFile, options.reportFile]) if (file !== undefined) assertWritable(file);
  const policies = new LivePolicies();
  const settings = settingsOf();
  const program = ['gateway'] as const;
  const parts = await startParts(
    { ...options, program, isGateway: true, traceScope: undefined, port: undefined },
    withLiveContent(settings, policies),
  );
  const supervisor = await startSupervisor({
    settings: { ...settings, ownEndpoint: parts.receiver.endpoint, runId: parts.run.id, runName: parts.run.name },
    version: __SWARMSCOPE_VERSION__,
    program,
    preloadFolder: fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, ''),
    policies,
    observers: Object.values(catalogue).map(({ name }) => name),
    onWarning: warn,
    hops: () => parts.forwarding?.hops() ?? [],
  });
  const interruption = awaitInterruption();
  const callers = createCallers();
  let part: GatewayPart;
  try {
    part = await beginGateway({
      supervisor,
      settings,
      ...parts,
      port: gatewayPort,
      word: keptWord(settings),
      ownerOf: callers.ownerOf,
      recorder: inOwnTraces(supervisor.calls),
    });
  } catch (cause) {
    interruption.forget();
    callers.stop();
    await endRun(parts, supervisor, { code: 1, signal: undefined }, nothingBeside());
    parts.store.close();
    const why = reasonOf(cause);
    if (why === 'EADDRINUSE')
      throw new SwarmscopeError('PORT_IN_USE', `Port ${gatewayPort ?? 0} is in use. Choose another with --port.`, { cause });
    throw new SwarmscopeError('GATEWAY', `The gateway could not be started: ${why}.`, { cause });
  }
  parts.store.startRun({ ...parts.run, pid: NO_PROGRAM });
  await print(textOf(part));
  const isAnySet = Object.keys(part.gateway.variables).length > 0;
  warn(
    isAnySet
      ? 'The gateway is up. Set these where your programs start; Ctrl-C ends it and prints the report.'
      : 'No provider can be reached, so there is nothing to set. Ctrl-C ends the gateway; start it again when the network is there.',
  );
  const status = prepareStatus(options.isQuiet);
  status.begin({ ...parts, startMs: parts.run.startMs });
  const telling = tellFindings({ ...parts, supervisor, processes: undefined, settings, onChange: status.look, command: undefined });
  await interruption.happened;
  status.stop();
  await telling.finish();
  await part.stop();
  callers.stop();
  await endRun(parts, supervisor, { code: 0, signal: undefined }, nothingBeside());
  await deliverReport(parts.store, parts.run.id, options);
  return 0;
}

/** The run lasts for days and is nobody's cause: a call whose client names no span begins a trace, linked to the run. */
function inOwnTraces(calls: Supervisor['calls']): Supervisor['calls'] {
  return { startLlmCall: (start) => calls.startLlmCall({ ...start, isOwnTrace: true }) };
}

/** Lines for a shell. */
function textOf({ gateway }: GatewayPart): string {
  return Object.entries(gateway.variables)
    .map(([name, value]) => `export ${name}=${value}\n`)
    .join('');
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Nothing else may keep this process, until it is forgotten. */
function awaitInterruption(): { readonly happened: Promise<void>; forget(): void } {
  const timer = setInterval(() => undefined, 60_000);
  let tell = (): void => undefined;
  const happened = new Promise<void>((resolve) => (tell = resolve));
  const end = (): void => {
    clearInterval(timer);
    tell();
  };
  for (const signal of SIGNALS) process.once(signal, end);
  return {
    happened,
    forget() {
      clearInterval(timer);
      for (const signal of SIGNALS) process.off(signal, end);
    },
  };
}

/** The random part of the addresses, kept so that those in a shell's profile hold the next day. */
function keptWord(settings: Settings): string | undefined {
  try {
    const folder = dataFolder(settings);
    makePrivateFolder(folder);
    const path = join(folder, 'gateway-word');
    const known = readPrivate(path, 64)?.toString('latin1') ?? '';
    if (/^[\w-]{12}$/.test(known)) return known;
    const word = randomBytes(9).toString('base64url');
    writeWhole(path, word);
    return word;
  } catch {
    // A data folder that cannot be written: a new word each time.
    return undefined;
  }
}
