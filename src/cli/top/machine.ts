/** One look at the agents of this machine: processes, their sessions, and what both say. Keeps what the next look needs. */
import { homedir } from 'node:os';
import { readSettings } from '../../config/settings/index.ts';
import { startedWith } from '../../config/started-with.ts';
import { linuxProcesses } from '../../machine/process-table.ts';
import { createPricing } from '../../pricing/index.ts';
import {
  createCosts,
  createSessionSums,
  matchSessions,
  openLibrary,
  type Place,
  type ReadingCounts,
  type Session,
} from '../../sessions/index.ts';
import { placeOf } from './place.ts';
import { createProcessReader, FOLDER_VARIABLES, type LeftBehind, type SeenAgent } from './processes.ts';
import { rowOf, type TopRow } from './rows.ts';
import { placeFor, runningOf } from './running.ts';

export interface Look {
  readonly atMs: number;
  readonly rows: readonly TopRow[];
  readonly leftBehind: readonly LeftBehind[];
  /** False: this system has no table of processes that is read here. */
  readonly hasProcesses: boolean;
  readonly hidden: number;
  /** Sessions that were written to within the last hour, by no process that is known. */
  readonly unmatched: number;
  readonly counts: Readonly<ReadingCounts>;
  readonly isComplete: boolean;
}

/** A file that nobody wrote to since is of no agent that runs, unless its id is named. */
const RECENT_MS = 3_600_000;
/** How often folders are searched for new files. */
const SEARCH_MS = 10_000;
/** A process that used less of a core is not at work: timers and keystrokes use some. */
const BUSY_SHARE = 0.02;

export interface Machine {
  /** @param maxBytes Of session files, in this look. */
  look(nowMs: number, maxBytes: number): Look;
}

export function openMachine({ root, home = startedWith['HOME'] || homedir() }: { root?: string; home?: string } = {}): Machine {
  const table = linuxProcesses(root);
  const readProcesses = table === undefined ? undefined : createProcessReader(table, { root });
  const library = openLibrary();
  const pricing = createPricing(readSettings());
  const sumsOf = createSessionSums(library.store, createCosts(pricing));
  const cpu = new Map<string, { cpuMs: number; atMs: number; busyMs: number | undefined }>();
  let searchedMs = -Infinity;
  let placesKnown = '';

  function find(agents: readonly SeenAgent[], nowMs: number): void {
    const places = new Map<string, Place>([['', { home, environment: startedWith }]]);
    for (const agent of agents) places.set(JSON.stringify(foldersOf(agent)), placeFor(agent, home));
    const key = [...places.keys()].join();
    if (nowMs - searchedMs < SEARCH_MS && key === placesKnown) return;
    [searchedMs, placesKnown] = [nowMs, key];
    const oldest = Math.min(nowMs - RECENT_MS, ...agents.map(({ startMs }) => startMs));
    library.look([...places.values()], oldest);
  }

  return {
    look(nowMs, maxBytes) {
      const seen = readProcesses?.(nowMs) ?? { agents: [], leftBehind: [], processes: 0, hidden: 0 };
      find(seen.agents, nowMs);
      const open = new Set(seen.agents.flatMap(({ paths }) => paths.map(({ path }) => path)));
      const running = seen.agents.map((agent) => runningOf(agent, { home, root, library }));
      const wanted = new Set(running.flatMap(({ agent, evidence }) => evidence.map(({ sessionId }) => library.pathOf(agent, sessionId))));
      for (const path of wanted) if (path !== undefined) library.want(path);
      library.read({ bytes: maxBytes }, (path) => open.has(path) || wanted.has(path));
      const { store } = library;
      const matches = matchSessions(running, store.sessions.values());
      const rows = seen.agents.map((agent) => {
        const key = `${agent.pid}/${agent.startTicks}`;
        const before = cpu.get(key);
        const row = rowOf(agent, {
          ...{ nowMs, store, sumsOf, before, place: agent.folder === undefined ? undefined : placeOf(agent.folder) },
          busyMs: before?.busyMs,
          match: matches.get(agent.pid) ?? { state: 'none' },
          windowOf: (session) => session.contextWindow ?? windowBy(session),
          isComplete: (session) => library.isComplete(session.paths),
        });
        const isBusy = (row.cpuShare ?? 0) > BUSY_SHARE;
        cpu.set(key, { cpuMs: agent.cpuMs, atMs: nowMs, busyMs: isBusy ? nowMs : before?.busyMs });
        return isBusy ? { ...row, silentMs: 0 } : row;
      });
      const living = new Set(seen.agents.map(({ pid, startTicks }) => `${pid}/${startTicks}`));
      for (const key of cpu.keys()) if (!living.has(key)) cpu.delete(key);
      const own = new Set([...matches.values()].flatMap((match) => (match.state === 'known' ? match.sessions : [])));
      const unmatched = [...store.sessions.values()].filter(
        (session) => session.parentKey === undefined && !own.has(session) && (session.lastMs ?? 0) > nowMs - RECENT_MS,
      ).length;
      return {
        ...{ atMs: nowMs, rows, leftBehind: seen.leftBehind, hasProcesses: table !== undefined, hidden: seen.hidden },
        ...{ unmatched, counts: { ...store.counts }, isComplete: library.isComplete() },
      };
    },
  };

  function windowBy({ model, provider }: Session): number | undefined {
    return model === undefined ? undefined : pricing.contextWindowOf({ model, provider: provider ?? 'anthropic' });
  }
}

const foldersOf = ({ environment }: SeenAgent): (string | undefined)[] => FOLDER_VARIABLES.map((name) => environment[name]);
