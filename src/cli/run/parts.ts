/** What runs beside the program: the store, the receiver, and what it hands its requests to. */
import { basename } from 'node:path';
import { runClock } from '../../config/run-clock.ts';
import { watchFindings, type LiveFindings, type RunRow } from '../../analysis/index.ts';
import { dataFolder, homeProblem } from '../../config/folders.ts';
import type { Settings } from '../../config/settings/index.ts';
import {
  createLive,
  LiveRun,
  removeOldRuns,
  startReceiver,
  startRunStore,
  ViewerError,
  type Intake,
  type Kept,
  type Live,
  type Receiver,
  type Store,
} from '../../viewer/index.ts';
import { readAbandoned } from '../abandoned.ts';
import { SwarmscopeError } from '../errors.ts';
import { warn } from '../streams.ts';
import { startForwarding, type Forwarding } from './forwarding.ts';
import { thresholdsOf } from './findings.ts';
import { createOwners, type Owners } from './owners.ts';
import { newRunId, programName } from './name.ts';

export interface RunOptions {
  readonly program: readonly [file: string, ...args: string[]];
  readonly exportUrl: string | undefined;
  readonly jsonFile: string | undefined;
  readonly reportFile: string | undefined;
  readonly name: string | undefined;
  readonly port: number | undefined;
  /** LLM calls go through the gateway; the user's setting says so, too. */
  readonly isGateway: boolean;
  readonly isQuiet: boolean;
  readonly traceScope: string | undefined;
  /** A shell command line that is told what goes wrong. */
  readonly notify?: string | undefined;
  /** Serves the local view meanwhile. */
  readonly isUi?: boolean;
  readonly uiPort?: number | undefined;
  readonly isOpened?: boolean;
}

export interface Parts {
  readonly run: RunRow;
  readonly store: Store;
  readonly live: Live;
  /** What goes wrong while the run goes on. */
  readonly findings: LiveFindings;
  /** What the local view follows; undefined without one. */
  readonly view: LiveRun | undefined;
  /** Undefined without an endpoint to hand on to. */
  readonly forwarding: Forwarding | undefined;
  readonly receiver: Receiver;
  /** Whose telemetry arrives. */
  readonly owners: Owners;
  /** Of what did not come by the receiver. */
  readonly take: Intake;
}

/** @throws SwarmscopeError `PORT_IN_USE` */
export async function startParts(options: RunOptions, settings: Settings): Promise<Parts> {
  const newId = (): string => newRunId(new Date(runClock.now()));
  const first: RunRow = {
    id: newId(),
    name: options.name ?? programName(options.program),
    command: basename(options.program[0]),
    startMs: runClock.now(),
    endMs: undefined,
    exitCode: undefined,
    signal: undefined,
  };
  const homeless = homeProblem(settings);
  if (homeless !== undefined) warn(`${homeless.text} To choose another place: ${homeless.next}.`);
  const folder = dataFolder(settings);
  const { store, run, warning } = startRunStore({ dataFolder: folder, run: first, newId });
  if (warning !== undefined) warn(warning);
  readAbandoned(folder);
  removeOldRuns({ dataFolder: folder, keepId: run.id });
  const live = createLive();
  const findings = watchFindings(thresholdsOf(settings));
  const exportUrl = options.exportUrl ?? settings.exportUrl;
  const forwarding = exportUrl === '' ? undefined : startForwarding(exportUrl, settings, store);
  const view =
    options.isUi === true
      ? new LiveRun({ run, version: __SWARMSCOPE_VERSION__, live, now: runClock.now, findings: () => findings.now() })
      : undefined;
  const beside = { live, findings, forwarding, view };
  try {
    const owners = createOwners();
    const receiver = await openReceiver(options.port, { ...intake(store, beside), ownerOf: owners.ownerOf, processAt: owners.processAt });
    return { run, store, owners, ...beside, take: intake(addingTo(store), beside), receiver };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** What is refused is sent again, so it is shown and handed on only once it is kept. */
function intake(store: Keeping, { live, findings, forwarding, view }: Pick<Parts, 'live' | 'findings' | 'forwarding' | 'view'>): Intake {
  return {
    async onTraces(rows, received) {
      const kept = await store.keepTraces(rows);
      if (kept === 'busy') return kept;
      live.addTraces(rows);
      findings.add(rows);
      view?.addTraces(rows);
      forwarding?.forward(received, rows.spans.length);
      return kept;
    },
    async onMetrics(rows, received) {
      const kept = await store.keepMetrics(rows);
      if (kept === 'busy') return kept;
      findings.addPoints(rows.points);
      view?.addMetrics(rows);
      forwarding?.forward(received);
      return kept;
    },
    async onLogs(rows, received) {
      const kept = await store.keepLogs(rows);
      if (kept === 'busy') return kept;
      live.addLogs(rows);
      findings.add({ ...rows, starts: rows.openSpans });
      view?.addLogs(rows);
      forwarding?.forward(received, rows.logs.length + rows.openSpans.length);
      return kept;
    },
  };
}

type Keeping = Pick<Store, 'keepTraces' | 'keepMetrics' | 'keepLogs'>;

/** For what nobody could send again: it waits as long as it must. */
function addingTo(store: Store): Keeping {
  const added = (): Promise<Kept> => Promise.resolve({});
  return {
    keepTraces: (rows) => (store.addTraces(rows), added()),
    keepMetrics: (rows) => (store.addMetrics(rows), added()),
    keepLogs: (rows) => (store.addLogs(rows), added()),
  };
}

async function openReceiver(port: number | undefined, take: Intake & Pick<Owners, 'ownerOf' | 'processAt'>): Promise<Receiver> {
  try {
    return await startReceiver({ port: port ?? 0, ...take });
  } catch (cause) {
    if (cause instanceof ViewerError && cause.code === 'port_in_use') {
      throw new SwarmscopeError(
        'PORT_IN_USE',
        `Port ${port ?? 0} is in use. Choose another with --port, or leave --port out for a free one.`,
        { cause },
      );
    }
    warn(
      `Nothing can listen on this machine (${cause instanceof Error ? cause.message : String(cause)}). Processes leave what they record in the run's folder, where the report finds it; that of other agents and programs is not seen.`,
    );
    return nobodyListens;
  }
}

/** Where a network namespace has no loopback. The port is refused everywhere, so that senders keep what they have. */
const nobodyListens: Receiver = {
  url: 'http://127.0.0.1:1',
  endpoint: 'http://127.0.0.1:1',
  port: 1,
  counts: () => ({}),
  unknownSpans: () => 0,
  strangerSpans: () => 0,
  close: () => Promise.resolve(),
};
