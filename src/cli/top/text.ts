/** The table of agents as text, for a terminal of any width. Pure. */
import { clean } from '../printable.ts';
import { count, duration, money, plural } from '../report/index.ts';
import type { Look } from './machine.ts';
import type { TopRow } from './rows.ts';

const UNKNOWN = '-';
/** What is left out first on a narrow terminal has the highest number. */
interface Column {
  readonly head: string;
  readonly cell: (row: TopRow) => string;
  readonly rank: number;
  readonly isLeft?: boolean;
  readonly maxWidth?: number;
}

const shown = (value: number | undefined, text: (value: number) => string): string => (value === undefined ? UNKNOWN : text(value));
/** Older rows are still being read: what is added up so far is too small. */
const sum = (row: TopRow, text: string): string => (row.isComplete || text === UNKNOWN ? text : `>${text}`);

const COLUMNS: readonly Column[] = [
  { head: 'AGENT', rank: 0, isLeft: true, maxWidth: 16, cell: ({ agent }) => agent },
  { head: 'PID', rank: 0, cell: ({ pid }) => String(pid) },
  { head: 'AGE', rank: 5, cell: ({ ageMs }) => short(ageMs) },
  { head: 'CPU', rank: 3, cell: ({ cpuShare }) => shown(cpuShare, (share) => `${(share * 100).toFixed(0)}%`) },
  { head: 'MEM', rank: 8, cell: ({ memoryBytes }) => shown(memoryBytes, megabytes) },
  { head: 'KIDS', rank: 11, cell: ({ children }) => String(children) },
  { head: 'PORTS', rank: 13, isLeft: true, maxWidth: 14, cell: ({ ports }) => (ports.length === 0 ? UNKNOWN : ports.join()) },
  { head: 'WORKTREE', rank: 1, isLeft: true, maxWidth: 20, cell: ({ place }) => place?.worktree ?? UNKNOWN },
  { head: 'BRANCH', rank: 6, isLeft: true, maxWidth: 20, cell: ({ place }) => place?.branch ?? UNKNOWN },
  { head: 'MODEL', rank: 7, isLeft: true, maxWidth: 22, cell: ({ model }) => model ?? UNKNOWN },
  { head: 'IN', rank: 9, cell: (row) => sum(row, shown(row.inputTokens, count)) },
  { head: 'OUT', rank: 4, cell: (row) => sum(row, shown(row.outputTokens, count)) },
  { head: 'COST', rank: 2, cell: (row) => costText(row) },
  { head: 'CTX', rank: 10, cell: (row) => contextText(row) },
  { head: 'TURNS', rank: 14, cell: (row) => sum(row, shown(row.turns, count)) },
  { head: 'TOOLS', rank: 12, cell: (row) => sum(row, shown(row.tools, count)) },
  { head: 'STATE', rank: 5, isLeft: true, cell: ({ doing }) => doing ?? UNKNOWN },
  { head: 'SILENT', rank: 2, cell: ({ silentMs }) => shown(silentMs, short) },
  { head: 'BY', rank: 3, isLeft: true, cell: (row) => byText(row) },
];

/** Lines of at most `width` characters; the first one is the headline. */
export function tableLines(look: Look, width: number): string[] {
  const lines = [headline(look), ...(look.rows.length === 0 ? emptyText(look) : rowLines(look.rows, width)), ...footer(look)];
  return lines.map((line) => (line.length <= width ? line : line.slice(0, Math.max(0, width))));
}

function rowLines(rows: readonly TopRow[], width: number): string[] {
  const all = COLUMNS.map((column) => {
    const cells = rows.map((row) => clean(column.cell(row), column.maxWidth ?? 40));
    return { column, cells, width: Math.max(column.head.length, ...cells.map((cell) => cell.length)) };
  });
  let kept = all;
  const total = (columns: typeof all): number => columns.reduce((sumOf, each) => sumOf + each.width + 2, -2);
  while (kept.length > 2 && total(kept) > width) {
    const last = Math.max(...kept.map(({ column }) => column.rank));
    const at = kept.findLastIndex(({ column }) => column.rank === last);
    kept = kept.filter((_each, index) => index !== at);
  }
  const line = (text: (each: (typeof all)[number]) => string): string =>
    kept
      .map((each) => (each.column.isLeft === true ? text(each).padEnd(each.width) : text(each).padStart(each.width)))
      .join('  ')
      .trimEnd();
  return [line(({ column }) => column.head), ...rows.map((_row, at) => line(({ cells }) => cells[at] ?? ''))];
}

function headline({ rows, atMs }: Look): string {
  const time = new Date(atMs).toTimeString().slice(0, 8);
  const costs = rows.flatMap(({ costUsd }) => costUsd ?? []);
  const cost =
    costs.length === 0
      ? ''
      : `, ${money(
          costs.reduce((a, b) => a + b, 0),
          'USD',
        )} in their sessions`;
  return `swarmscope top  ${time}  ${plural(rows.length, 'agent')}${cost}`;
}

function emptyText({ hasProcesses }: Look): string[] {
  if (!hasProcesses) return ['This system has no /proc: which agents run is not known. What they spent: swarmscope report --local'];
  return ['No agent is running. Looked for: claude, codex, gemini, opencode and others; what they spent before: swarmscope report --local'];
}

/** What the table lacks. */
function footer({ leftBehind, hidden, unmatched, counts, isComplete, rows }: Look): string[] {
  const ambiguous = rows.filter(({ match }) => match.state === 'ambiguous').length;
  const left = leftBehind.map(
    ({ pid, program, ports }) => `${clean(program)} ${pid}${ports.length === 0 ? '' : ` (port ${ports.join()})`}`,
  );
  const lines = [
    left.length === 0
      ? ''
      : `left behind by agents that have ended: ${left.slice(0, 8).join(', ')}${left.length > 8 ? `, ${left.length - 8} more` : ''}`,
    ambiguous === 0 ? '' : `ambiguous: ${ambiguous} processes could each have written more than one session, so none is shown beside them`,
    unmatched === 0 ? '' : `${unmatched} more sessions were written to within the last hour, by processes that have ended or are not known`,
    hidden === 0 ? '' : `${hidden} agents of other users: where they work is hidden`,
    counts.unreadableFiles === 0 ? '' : `${counts.unreadableFiles} session files could not be read`,
    isComplete ? '' : 'older rows of long files are still being read; > marks what is too small',
  ].filter((line) => line !== '');
  return lines.length === 0 ? [] : ['', ...lines];
}

function costText(row: TopRow): string {
  const { costUsd, callsWithoutPrice = 0, isComplete } = row;
  return costUsd === undefined ? UNKNOWN : `${callsWithoutPrice > 0 || !isComplete ? '>' : ''}${money(costUsd, 'USD')}`;
}

function contextText({ contextTokens, contextWindow }: TopRow): string {
  if (contextTokens === undefined) return UNKNOWN;
  return contextWindow === undefined ? count(contextTokens) : `${((contextTokens / contextWindow) * 100).toFixed(0)}%`;
}

export function byText({ match }: TopRow): string {
  if (match.state === 'ambiguous') return 'proc+ambiguous';
  return match.state === 'known' ? `proc+${match.by}` : 'proc';
}

function megabytes(bytes: number): string {
  const mebi = bytes / 1_048_576;
  return mebi < 1_000 ? `${mebi.toFixed(0)}M` : `${(mebi / 1_024).toFixed(1)}G`;
}

/** `12s`, `14m`, `3h05`. */
function short(ms: number): string {
  if (ms < 60_000) return `${Math.floor(ms / 1_000)}s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)}m`;
  return ms < 360_000_000
    ? `${Math.floor(ms / 3_600_000)}h${String(Math.floor((ms % 3_600_000) / 60_000)).padStart(2, '0')}`
    : duration(ms);
}
