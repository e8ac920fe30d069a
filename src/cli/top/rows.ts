/** One row for each agent of the machine: what the process table and its session file say, and by what each is known. Pure. */
import { joinSums, type Match, type Session, type SessionStore, type Sums } from '../../sessions/index.ts';
import type { WorkPlace } from './place.ts';
import type { SeenAgent } from './processes.ts';

/** What is undefined is not known. */
export interface TopRow {
  readonly agent: string;
  readonly pid: number;
  readonly above: number | undefined;
  readonly startMs: number;
  readonly ageMs: number;
  /** Of one core, since the last look: 0.5 is half a core. */
  readonly cpuShare: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly children: number;
  readonly ports: readonly number[];
  readonly place: WorkPlace | undefined;
  /** Why the columns from here on are known, or that they are not. */
  readonly match: Match;
  readonly sessionIds: readonly string[];
  readonly model: string | undefined;
  readonly calls: number | undefined;
  readonly inputTokens: number | undefined;
  readonly cacheReadTokens: number | undefined;
  readonly cacheWriteTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly costUsd: number | undefined;
  readonly callsWithoutPrice: number | undefined;
  readonly contextTokens: number | undefined;
  readonly contextWindow: number | undefined;
  readonly turns: number | undefined;
  readonly tools: number | undefined;
  readonly toolsFailed: number | undefined;
  readonly subagents: number | undefined;
  readonly doing: Session['doing'] | 'stopped';
  /** Since its session was written to, or it or what it started used CPU. */
  readonly silentMs: number | undefined;
  /** False: older rows of a long file are still being read, so that sums are too small. */
  readonly isComplete: boolean;
}

export interface RowFacts {
  readonly nowMs: number;
  readonly store: SessionStore;
  /** Of the calls that it made itself, without a history that it took over. */
  readonly sumsOf: (session: Session) => Sums;
  readonly windowOf: (session: Session) => number | undefined;
  readonly isComplete: (session: Session) => boolean;
  readonly place: WorkPlace | undefined;
  readonly match: Match;
  /** Of the look before this one. */
  readonly before: { readonly cpuMs: number; readonly atMs: number } | undefined;
  /** When it last used CPU, as far as was seen. */
  readonly busyMs: number | undefined;
}

export function rowOf(seen: SeenAgent, facts: RowFacts): TopRow {
  const { nowMs, match, before, place, busyMs } = facts;
  const sessions = match.state === 'known' ? match.sessions : [];
  const [main] = [...sessions].sort((a, b) => (b.lastMs ?? 0) - (a.lastMs ?? 0));
  const passedMs = before === undefined ? 0 : nowMs - before.atMs;
  const wroteMs = main?.lastMs;
  const lastMs = wroteMs === undefined && busyMs === undefined ? undefined : Math.max(wroteMs ?? 0, busyMs ?? 0);
  return {
    ...{ agent: seen.agent, pid: seen.pid, above: seen.above, startMs: seen.startMs, ageMs: Math.max(0, nowMs - seen.startMs) },
    cpuShare: before === undefined || passedMs <= 0 ? undefined : Math.max(0, seen.cpuMs - before.cpuMs) / passedMs,
    ...{ memoryBytes: seen.memoryBytes, children: seen.childCount, ports: seen.ports, place, match },
    sessionIds: sessions.map(({ id }) => id),
    doing: seen.stopped ? 'stopped' : main?.doing,
    silentMs: lastMs === undefined ? undefined : Math.max(0, nowMs - lastMs),
    ...toldBy(sessions, main, facts),
  };
}

type Told = Pick<
  TopRow,
  | 'model'
  | 'calls'
  | 'inputTokens'
  | 'cacheReadTokens'
  | 'cacheWriteTokens'
  | 'outputTokens'
  | 'costUsd'
  | 'callsWithoutPrice'
  | 'contextTokens'
  | 'contextWindow'
  | 'turns'
  | 'tools'
  | 'toolsFailed'
  | 'subagents'
  | 'isComplete'
>;

function toldBy(sessions: readonly Session[], main: Session | undefined, { store, sumsOf, windowOf, isComplete }: RowFacts): Told {
  const isKnown = main !== undefined;
  const keys = new Set(sessions.map(({ key }) => key));
  const subagents = [...store.sessions.values()].filter(({ parentKey }) => parentKey !== undefined && keys.has(parentKey));
  const all = [...sessions, ...subagents];
  const { calls, tokens, cost, callsWithoutPrice } = joinSums(all.map(sumsOf));
  const tools = all.flatMap((session) => [...session.tools.values()]);
  const known = <Value>(value: Value): Value | undefined => (isKnown ? value : undefined);
  return {
    ...{ model: main?.model, contextTokens: main?.contextTokens, contextWindow: main === undefined ? undefined : windowOf(main) },
    ...{ inputTokens: tokens.inputTokens, cacheReadTokens: tokens.cacheReadTokens, cacheWriteTokens: tokens.cacheWriteTokens },
    ...{ outputTokens: tokens.outputTokens, costUsd: cost },
    ...{ calls: known(calls), callsWithoutPrice: known(callsWithoutPrice) },
    turns: known(sessions.reduce((sum, session) => sum + session.turns, 0)),
    tools: known(tools.reduce((sum, tool) => sum + tool.calls, 0)),
    toolsFailed: known(tools.reduce((sum, tool) => sum + tool.failed, 0)),
    subagents: known(subagents.length),
    isComplete: all.every(isComplete),
  };
}
