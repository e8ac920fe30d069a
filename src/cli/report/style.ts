/** How printed text looks: its width, colours and characters. The caller decides, every section follows. */
import type { Category, CategoryTime } from '../../analysis/index.ts';
import { CATEGORY_NAMES, type CategoryName } from '../../analysis/looks.ts';
import { duration, percent } from './numbers.ts';

export { clean } from '../printable.ts';

export interface Style {
  /** Columns; the report keeps within them. */
  readonly width: number;
  readonly isColour: boolean;
  readonly isUnicode: boolean;
}

export const DEFAULT_STYLE: Style = { width: 80, isColour: false, isUnicode: true };

/** Narrower text cannot be aligned, wider text is hard to read. */
const MIN_WIDTH = 40;
const MAX_WIDTH = 160;

/** The style for a stream: colours on a terminal without NO_COLOR, unicode where the locale is UTF-8. */
export function styleFor(facts: {
  isTty: boolean;
  columns: number | undefined;
  noColor: string | undefined;
  locale: string | undefined;
}): Style {
  const columns = facts.columns ?? DEFAULT_STYLE.width;
  return {
    width: Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns)),
    isColour: facts.isTty && (facts.noColor === undefined || facts.noColor === ''),
    isUnicode: /utf-?8/i.test(facts.locale ?? ''),
  };
}

interface Look extends CategoryName {
  /** Of the 256 terminal colours. */
  readonly colour: number;
}

const COLOURS: Readonly<Record<Category, number>> = {
  llm: 39,
  git: 208,
  tool: 42,
  agent: 141,
  startup: 110,
  shutdown: 103,
  'wait:rate_limit': 196,
  'wait:lock': 203,
  'wait:human': 205,
  'wait:gpu': 172,
  'wait:dependency': 179,
  'wait:worker': 180,
  'wait:barrier': 220,
  'wait:orchestrator': 245,
  'wait:unknown': 246,
  other: 250,
  unobserved: 240,
  idle: 238,
};

export const LOOKS = Object.fromEntries(
  Object.entries(CATEGORY_NAMES).map(([category, name]) => [category, { ...name, colour: COLOURS[category as Category] }]),
) as Readonly<Record<Category, Look>>;

export function paint(text: string, colour: number, style: Style): string {
  return style.isColour && text !== '' ? `\u001b[38;5;${colour}m${text}\u001b[0m` : text;
}

export function bold(text: string, style: Style): string {
  return style.isColour ? `\u001b[1m${text}\u001b[0m` : text;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of at most `width` columns for `share` (0 to 1). */
export function bar(share: number, width: number, style: Style): string {
  const cells = Math.min(1, Math.max(0, share)) * width;
  if (!style.isUnicode) return '#'.repeat(Math.round(cells));
  const whole = Math.floor(cells);
  return '█'.repeat(whole) + (EIGHTHS[Math.floor((cells - whole) * 8)] ?? '');
}

/** One line for each category: its label, its time, its share of `totalMs`, and a bar. */
export function shares(times: readonly CategoryTime[], totalMs: number, style: Style): string[] {
  const label = Math.max(...times.map(({ category }) => LOOKS[category].label.length));
  const barWidth = Math.max(8, style.width - label - 24);
  return times.map(({ category, ms }) => {
    const share = ms / totalMs;
    return `  ${LOOKS[category].label.padEnd(label)}  ${duration(ms).padStart(8)}  ${percent(share).padStart(5)}  ${paint(bar(share, barWidth, style), LOOKS[category].colour, style)}`.trimEnd();
  });
}

/** Breaks at spaces; further lines are indented like the first. */
export function wrap(text: string, width: number, indent = '  '): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${line === indent ? '' : ' '}${word}`;
  }
  return [...lines, line.trimEnd()];
}

/** Rows as aligned columns, all to the left. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_cell, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd());
}

/** Aligned columns: the first to the left, the others to the right; two spaces between. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    `  ${row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  ')}`.trimEnd(),
  );
}
