/** The lanes of a run as a picture: one row per lane, one letter and colour per category. */
import type { Category, RunReport } from '../../../analysis/index.ts';
import { duration } from '../numbers.ts';
import { incomplete, type Section } from '../section.ts';
import { LOOKS, paint, wrap, type Style } from '../style.ts';

export const lanes: Section = { title: 'Lanes', lines };

/** Columns for the lane's number and the borders. */
const MARGIN = 8;

function lines(report: RunReport, style: Style): string[] {
  const { lanes: drawn, lanesLeftOut } = report.timeline;
  if (drawn.length === 0) return [];
  const width = style.width - MARGIN;
  const seen = new Set<Category>();
  const side = style.isUnicode ? '│' : '|';
  const rows = drawn.map((slices, index) => {
    const cells = Array.from({ length: width }, (_, column) => cellOf(slices, column, width));
    for (const cell of cells) seen.add(cell);
    return `  ${String(index + 1).padStart(3)} ${side}${runs(cells, style)}${side}`;
  });
  if (lanesLeftOut > 0) rows.push(`      and ${lanesLeftOut} more lanes`);
  const wall = duration(report.run.wallMs);
  rows.push(`      0${wall.padStart(width - 1)}`);
  const legend = [...seen].sort((a, b) => LOOKS[a].label.localeCompare(LOOKS[b].label));
  const words = legend.map((category) => `${LOOKS[category].letter}=${LOOKS[category].label.replaceAll(' ', '\u00a0')}`);
  const explained = wrap(words.join('  '), style.width, '      ');
  return [...rows, ...explained.map((line) => line.replaceAll('\u00a0', ' ')), ...incomplete(report, style.width)];
}

/** The most frequent category of the slices that a column covers. */
function cellOf(slices: readonly Category[], column: number, width: number): Category {
  const from = Math.floor((column * slices.length) / width);
  const to = Math.max(from + 1, Math.floor(((column + 1) * slices.length) / width));
  const tally = new Map<Category, number>();
  for (const each of slices.slice(from, to)) tally.set(each, (tally.get(each) ?? 0) + 1);
  return [...tally].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'idle';
}

/** Letters; neighbours of one category share one colour sequence. */
function runs(cells: readonly Category[], style: Style): string {
  let text = '';
  for (let from = 0; from < cells.length;) {
    const category = cells[from] ?? 'idle';
    let to = from + 1;
    while (cells[to] === category) to++;
    text += paint(LOOKS[category].letter.repeat(to - from), LOOKS[category].colour, style);
    from = to;
  }
  return text;
}
