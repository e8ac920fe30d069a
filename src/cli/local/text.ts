/** The report of session files as text, and as JSON (docs/top.md names its fields). Pure. */
import type { LocalGroup, LocalReport } from '../../sessions/index.ts';
import { clean } from '../printable.ts';
import { count, money, table } from '../report/index.ts';

const UNKNOWN = '-';
const MAX_NAME = 48;
const HEADS = { dir: 'folder', branch: 'branch', model: 'model', agent: 'agent' } as const;

export interface LocalFacts {
  readonly report: LocalReport;
  /** Epoch ms; undefined: everything. */
  readonly sinceMs: number | undefined;
  /** Files that were not read, since they are older. */
  readonly older: number;
  /** The home folder, which is shown as `~`. */
  readonly home: string;
  /** Version of the price table. */
  readonly prices: string;
}

export function localText({ report, sinceMs, older, home }: LocalFacts): string {
  const { by, groups, total, counts, copies } = report;
  if (total.calls === 0) {
    const what = counts.files === 0 ? 'No session file of an agent was found' : `No call was found in ${counts.files} session files`;
    return `${what}${sinceMs === undefined ? '' : ` since ${day(sinceMs)}`}. Read are those of Claude Code, Codex, Gemini CLI and opencode.\n${notes(report, older)}`;
  }
  const head = [HEADS[by], 'calls', 'sessions', 'input', 'from cache', 'to cache', 'output', 'cost'];
  const rows = groups.map((group) => cells(shown(group.name, home), group));
  const since = sinceMs === undefined ? `since ${day(total.firstMs ?? 0)}, the oldest call` : `since ${day(sinceMs)}`;
  const lines = [
    `What agents on this machine wrote down themselves, ${since}`,
    '',
    ...table([head, ...rows, ...(groups.length > 1 ? [cells('all', total)] : [])]),
    '',
    `${count(counts.callRows)} rows told ${count(counts.callRows - copies)} calls; ${count(copies)} were repeats and copies. Input includes what came from and went to a cache.`,
  ];
  if (total.callsWithoutPrice > 0) lines.push(`Without a known price, and not in the cost: ${count(total.callsWithoutPrice)} calls.`);
  return `${lines.join('\n')}\n${notes(report, older)}`;
}

function cells(name: string, { calls, sessions, tokens, cost, callsWithoutPrice }: LocalGroup): string[] {
  const figures = [tokens.inputTokens, tokens.cacheReadTokens, tokens.cacheWriteTokens, tokens.outputTokens];
  const price = cost === undefined ? UNKNOWN : `${callsWithoutPrice > 0 ? '>' : ''}${money(cost, 'USD')}`;
  return [name, count(calls), count(sessions), ...figures.map((value) => (value === undefined ? UNKNOWN : count(value))), price];
}

/** What the sums lack. */
function notes({ counts }: LocalReport, older: number): string {
  const { unreadableRows, overlongRows, unreadableFiles, leftOut } = counts;
  const lines = [
    unreadableFiles > 0
      ? `${count(unreadableFiles)} files could not be read: not of this user, no regular file, locked, or of an unknown version.`
      : '',
    unreadableRows + overlongRows > 0
      ? `${count(unreadableRows)} rows were cut or no JSON, ${count(overlongRows)} too long to be read.`
      : '',
    leftOut > 0 ? `${count(leftOut)} files or calls are beyond what is held in memory: the sums are too small.` : '',
    older > 0 ? `${count(older)} files did not change since then and were not read.` : '',
    'Agents delete their old sessions (Claude Code after 30 days): what is gone is in no sum.',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

function shown(name: string | undefined, home: string): string {
  if (name === undefined) return UNKNOWN;
  const short = home !== '' && (name === home || name.startsWith(`${home}/`)) ? `~${name.slice(home.length)}` : name;
  const text = clean(short, 4_096);
  // The end of a path tells more than its beginning.
  return text.length <= MAX_NAME ? text : `~${text.slice(1 - MAX_NAME)}`;
}

function day(ms: number): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function localJson({ report, sinceMs, older, prices }: LocalFacts): string {
  const { by, groups, total, counts, copies } = report;
  const value = {
    schemaVersion: 1,
    kind: 'swarmscope report --local',
    since: sinceMs === undefined ? undefined : new Date(sinceMs).toISOString(),
    by,
    groups: groups.map(groupJson),
    total: groupJson(total),
    reading: { ...counts, calls: counts.callRows - copies, copies, olderFiles: older },
    priceTable: prices,
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function groupJson({ name, calls, sessions, tokens, callsWithoutTokens, cost, callsWithoutPrice, firstMs, lastMs }: LocalGroup): object {
  return {
    ...{ name, calls, sessions, ...tokens, callsWithoutTokens, costUsd: cost, callsWithoutPrice },
    first: firstMs === undefined ? undefined : new Date(firstMs).toISOString(),
    last: lastMs === undefined ? undefined : new Date(lastMs).toISOString(),
  };
}
