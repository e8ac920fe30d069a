/**
 * A second witness of what agents did: the session files that they write themselves. While they run it is noted what names their
 * sessions; at the end of the run the files that grew are read, and their calls stored beside what telemetry told.
 */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { spanOfFileCall } from '../../../analysis/index.ts';
import type { Settings } from '../../../config/settings/index.ts';
import { startedWith } from '../../../config/started-with.ts';
import { linuxProcesses, type ProcessTable } from '../../../machine/process-table.ts';
import { createPricing } from '../../../pricing/index.ts';
import { cpuMs, Pace, type ProcessTree, type SeenProcess } from '../../../processes/index.ts';
import { createCosts, openLibrary, witness, type Place, type RunningAgent, type WitnessedProcess } from '../../../sessions/index.ts';
import type { Store } from '../../../viewer/index.ts';
import { createProcessReader } from '../../top/processes.ts';
import { placeFor, runningOf } from '../../top/running.ts';
import { warn } from '../../streams.ts';

export interface SessionFiles {
  /** Reads what the agents of the run wrote, within a bound of bytes, and stores their calls. Never throws. */
  finish(): void;
}

/** How often living agents are looked at, unless looks take more than 1 % of a core; what names a session is there for as long as its agent lives. */
const LOOK_MS = 250;
const MAX_LOOK_MS = 5_000;
/** Of session files at the end of a run: half a second of reading. A session beyond it is left out whole. */
const MAX_BYTES = 96 * 1_048_576;
/** Clocks of files and of processes differ by less. */
const SKEW_MS = 2_000;

interface Noted {
  readonly running: RunningAgent;
  readonly place: Place;
}

export interface SessionFilesOptions {
  readonly tree: Pick<ProcessTree, 'all' | 'find' | 'spanOf'>;
  readonly store: Pick<Store, 'addTraces'>;
  readonly settings: Settings;
  readonly run: { readonly name: string; readonly startMs: number };
}

/** undefined: switched off, or no table of processes. */
export function watchSessionFiles({ tree, store, settings, run }: SessionFilesOptions): SessionFiles | undefined {
  const table = settings.sessionFiles ? linuxProcesses() : undefined;
  if (table === undefined) return undefined;
  const home = startedWith['HOME'] || homedir();
  const library = openLibrary();
  const noted = new Map<string, Noted>();
  const readProcesses = createProcessReader(ofRun(table, tree), { isForSessions: true });
  const pace = new Pace(LOOK_MS, MAX_LOOK_MS);
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    if (!tree.all().some(isLivingAgent)) return;
    for (const seen of readProcesses(Date.now()).agents) {
      const key = `${seen.pid}/${seen.startTicks}`;
      const running = runningOf(seen, { home, root: undefined, library });
      noted.set(key, { running: joined(noted.get(key)?.running, running), place: placeFor(seen, home) });
    }
  };
  const lookOn = (): void => {
    timer = setTimeout(() => {
      const startedMs = cpuMs();
      quietly(look);
      pace.took(cpuMs() - startedMs);
      lookOn();
    }, pace.waitMs).unref();
  };
  lookOn();
  return {
    finish() {
      clearTimeout(timer);
      quietly(() => {
        look();
        if (noted.size === 0) return;
        const agents = [...noted.values()];
        library.look(
          agents.map(({ place }) => place),
          run.startMs - SKEW_MS,
        );
        library.read({ bytes: MAX_BYTES });
        const { calls } = witness(
          library.store,
          agents.map(({ running }) => withEnd(running, tree)),
          ({ paths }) => library.isComplete(paths),
        );
        const costOf = createCosts(createPricing(settings));
        const spans = calls.flatMap(({ call, ...of }) => {
          const place = tree.spanOf(of.pid);
          if (place === undefined) return [];
          const spanId = idOf(place.traceId, of.pid, call.key);
          return [spanOfFileCall({ ...call, ...of, place, spanId, serviceName: run.name, cost: costOf(call) })];
        });
        store.addTraces({ spans, losses: {} });
      });
    },
  };
}

/** The same for the same call of the same process. */
function idOf(...told: readonly (string | number)[]): string {
  return createHash('sha256').update(told.join(' ')).digest('hex').slice(0, 16);
}

/** The living processes of the run, and no others. */
function ofRun(table: ProcessTable, tree: Pick<ProcessTree, 'all'>): ProcessTable {
  return { ...table, list: () => tree.all().flatMap(({ pid, endMs }) => (endMs === undefined ? [pid] : [])) };
}

const isLivingAgent = ({ facts, endMs }: SeenProcess): boolean => facts.agentName !== undefined && endMs === undefined;

/** Children of an agent come and go: what one of them named stays true. */
function joined(before: RunningAgent | undefined, now: RunningAgent): RunningAgent {
  const known = before?.evidence ?? [];
  const fresh = now.evidence.filter(({ by, sessionId }) => !known.some((each) => each.by === by && each.sessionId === sessionId));
  return { ...now, evidence: [...known, ...fresh] };
}

function withEnd(running: RunningAgent, tree: Pick<ProcessTree, 'find'>): WitnessedProcess {
  return { ...running, endMs: tree.find(running.pid)?.endMs };
}

/** A fault in our reading must not end the run. */
function quietly(look: () => void): void {
  try {
    look();
  } catch (error) {
    warn(`The session files of agents could not be read: ${String(error)}`);
  }
}
