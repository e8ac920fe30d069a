/** The table of agents as JSON, version 1: docs/top.md names its fields. Pure. */
import type { Look } from './machine.ts';
import type { TopRow } from './rows.ts';

/** What is not known is absent. */
export function topJson(look: Look): string {
  const { atMs, rows, leftBehind, hasProcesses, hidden, unmatched, counts, isComplete } = look;
  const value = {
    schemaVersion: 1,
    kind: 'swarmscope top',
    time: new Date(atMs).toISOString(),
    hasProcesses,
    agents: rows.map(agentJson),
    leftBehind,
    hiddenAgents: hidden,
    unmatchedSessions: unmatched,
    reading: { ...counts, isComplete },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function agentJson(row: TopRow): object {
  const { match, place, startMs, ageMs, silentMs, sessionIds, doing, contextTokens, contextWindow, ...rest } = row;
  return {
    ...rest,
    started: new Date(startMs).toISOString(),
    ageSeconds: seconds(ageMs),
    silentSeconds: silentMs === undefined ? undefined : seconds(silentMs),
    repository: place?.repository,
    worktree: place?.worktree,
    branch: place?.branch,
    contextTokens,
    contextWindow,
    contextShare: contextTokens === undefined || contextWindow === undefined ? undefined : contextTokens / contextWindow,
    state: doing,
    session: {
      match: match.state,
      knownBy: match.state === 'known' ? match.by : undefined,
      ids: match.state === 'known' ? sessionIds : undefined,
      candidates: match.state === 'ambiguous' ? match.sessions : undefined,
      processes: match.state === 'ambiguous' ? match.processes : undefined,
    },
  };
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
