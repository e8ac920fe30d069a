/** What the session files of this machine say was spent, by folder, branch, model or agent. */
import { addUp, type CostOf, type Sums } from './sums.ts';
import type { SessionStore } from './store.ts';
import type { ReadingCounts, SessionCall } from './types.ts';

export const GROUPINGS = ['dir', 'branch', 'model', 'agent'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface LocalGroup extends Sums {
  /** undefined: not told by the file. */
  readonly name: string | undefined;
  readonly sessions: number;
}

export interface LocalReport {
  readonly by: Grouping;
  readonly groups: readonly LocalGroup[];
  readonly total: LocalGroup;
  readonly counts: Readonly<ReadingCounts>;
  /** Rows that told a call that another row had told. */
  readonly copies: number;
}

export interface LocalQuestion {
  readonly by: Grouping;
  /** Calls that ended before are left out; epoch ms. Default: none is. */
  readonly sinceMs?: number | undefined;
  readonly costOf: CostOf;
}

/** The dearest group first; among those without a price the one with most input. */
export function localReport(store: SessionStore, { by, sinceMs = 0, costOf }: LocalQuestion): LocalReport {
  const groups = new Map<string | undefined, SessionCall[]>();
  const all: SessionCall[] = [];
  for (const call of store.calls()) {
    if (call.endMs < sinceMs) continue;
    all.push(call);
    const name = nameOf(call, by);
    const held = groups.get(name);
    if (held === undefined) groups.set(name, [call]);
    else held.push(call);
  }
  const rows = [...groups].map(([name, calls]) => groupOf(name, calls, costOf));
  rows.sort((a, b) => (b.cost ?? -1) - (a.cost ?? -1) || (b.tokens.inputTokens ?? 0) - (a.tokens.inputTokens ?? 0));
  const told = [...store.calls()].length;
  return {
    by,
    groups: rows,
    total: groupOf('total', all, costOf),
    counts: { ...store.counts },
    copies: Math.max(0, store.counts.callRows - told),
  };
}

function groupOf(name: string | undefined, calls: readonly SessionCall[], costOf: CostOf): LocalGroup {
  const sessions = new Set(calls.map(({ session }) => session.parentKey ?? session.key)).size;
  return { name, sessions, ...addUp(calls, costOf) };
}

function nameOf(call: SessionCall, by: Grouping): string | undefined {
  if (by === 'agent') return call.session.agent;
  if (by === 'model') return call.model;
  return by === 'branch' ? call.branch : call.directory;
}
