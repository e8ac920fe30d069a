/** `--ui`: the local view of the run that goes on, from before the program starts until the last look at its report. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findFacts, type RunFacts } from '../../analysis/index.ts';
import { dataFolder } from '../../config/folders.ts';
import { runClock } from '../../config/run-clock.ts';
import type { Settings } from '../../config/settings/index.ts';
import { startedWith } from '../../config/started-with.ts';
import { writeWhole } from '../../config/write-whole.ts';
import { ADDRESS_FILE, LiveSource, startReader, StoredSource, type ViewServer } from '../../viewer/index.ts';
import { say, warn } from '../streams.ts';
import { openBrowser } from '../ui/browser.ts';
import { threadFile } from '../ui/files.ts';
import { openServer } from '../ui/index.ts';
import type { Parts, RunOptions } from './parts.ts';
import type { ProgramEnd } from './program.ts';

export interface RunView {
  /** For the program: sooner news, where the user did not choose. */
  readonly environment: Readonly<Record<string, string>>;
  /** To be called when all is stored, before the report. Never throws. */
  runEnded(end: ProgramEnd): void;
  /** As long as somebody looks: at a terminal until Ctrl-C, else for the moment in which a page takes what it needs. */
  stay(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds; https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
const SOONER = { OTEL_BSP_SCHEDULE_DELAY: '20', OTEL_METRIC_EXPORT_INTERVAL: '1000' };
const CLOSE_MS = 300;
/** A page that has closed, or has all that it wants, asks nothing any more. */
const GONE_MS = { atTerminal: 10_000, else: 2_000 };
/** Without a terminal nothing waits for longer, whoever looks. */
const LONGEST_MS = 8_000;
const LOOK_MS = 50;

/** The supervisor merges what processes measure, and hands it on as often. */
export function soonerSettings({ isUi }: RunOptions, settings: Settings): Partial<Pick<Settings, 'metricIntervalMs'>> {
  const isChosen = settings.given.has('metricIntervalMs');
  return isUi === true && !isChosen ? { metricIntervalMs: Number(SOONER.OTEL_METRIC_EXPORT_INTERVAL) } : {};
}

/** Undefined without `--ui`. @throws SwarmscopeError `PORT_IN_USE`: then nothing is left of the run */
export async function startView(parts: Parts, { isUi, uiPort, isOpened }: RunOptions, settings: Settings): Promise<RunView | undefined> {
  const { view, run, store } = parts;
  if (isUi !== true || view === undefined) return undefined;
  const reader = startReader(threadFile());
  const stored = new StoredSource({ dataFolder: dataFolder(settings), version: __SWARMSCOPE_VERSION__, reader, opens: run.id });
  const source = new LiveSource({ id: run.id, live: view, stored, flush: () => store.flush() });
  let server: ViewServer;
  try {
    server = await openServer(source, uiPort);
  } catch (error) {
    await Promise.all([reader.close(), parts.receiver.close(0)]);
    parts.owners.stop();
    store.close();
    if (store.path !== ':memory:') rmSync(dirname(store.path), { recursive: true, force: true });
    throw error;
  }
  say(`swarmscope: ${server.address}\n`);
  const forget = keepAddress(store.path, server.address);
  const removeFile = isOpened === true ? openBrowser(server.address) : undefined;
  const isAtTerminal = process.stdin.isTTY;
  let isLookedAt = false;
  const close = async (): Promise<void> => {
    forget();
    removeFile?.();
    await Promise.all([server.close(CLOSE_MS), reader.close()]);
  };
  return {
    environment: Object.fromEntries(Object.entries(SOONER).filter(([name]) => (startedWith[name] ?? '') === '')),
    runEnded({ code, signal }) {
      isLookedAt = view.tabCount > 0 || view.wasAsked(GONE_MS.else);
      if (isLookedAt) view.ask();
      forget();
      try {
        const { facts, endMs } = lastLook(parts);
        const { id, name, command } = run;
        view.end(facts, { id, name, command, state: 'ended', endMs, exitCode: code, signal }, isAtTerminal);
      } catch (error) {
        warn(`The last state of this run could not be shown (${String(error)}); open it with: swarmscope ui ${run.id}`);
      }
      source.isEnded = true;
    },
    async stay() {
      if (isLookedAt) view.ask();
      if (isLookedAt) await until(() => view.tabCount > 0 || view.wasAsked(isAtTerminal ? GONE_MS.atTerminal : GONE_MS.else), isAtTerminal);
      await close();
    },
    close,
  };
}

/** A large run is read again by the thread that reads runs. */
function lastLook({ view, store }: Parts): { facts: RunFacts | undefined; endMs: number } {
  store.flush();
  if (view?.isSmall !== true) return { facts: undefined, endMs: runClock.now() };
  const data = store.loadRun();
  return { facts: findFacts(data), endMs: data.run.endMs ?? runClock.now() };
}

function until(isLookedAt: () => boolean, isAtTerminal: boolean): Promise<void> {
  if (isAtTerminal) say('swarmscope: the page stays as long as it is open; Ctrl-C ends it.\n');
  const untilMs = performance.now() + (isAtTerminal ? Infinity : LONGEST_MS);
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!isLookedAt() || performance.now() > untilMs) end();
    }, LOOK_MS);
    function end(): void {
      clearInterval(timer);
      resolve();
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  });
}

/** For `swarmscope ui`, which leads to the page of a living run. Returns what removes it. */
function keepAddress(path: string, address: string): () => void {
  if (path === ':memory:') return () => undefined;
  const file = join(dirname(path), ADDRESS_FILE);
  try {
    writeWhole(file, address);
  } catch {
    // The list of runs then shows it without a link.
  }
  return () => rmSync(file, { force: true });
}
