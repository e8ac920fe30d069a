/** Draws lines over time, stacked or not, with their limits, axes and names. */
import type { MetricPanel } from '../../src/grafana/index.ts';
import type { Asked, Series } from './ask.ts';
import { clipped, COLORS, round, text, type Box } from './svg.ts';
import { clock, inUnit, ticksTo } from './values.ts';

const LEGEND_LINE = 16;
const MOST_NAMES = 5;

export interface Drawn {
  readonly series: readonly Series[];
  /** Exemplars, each a trace. */
  readonly dots: Series['points'];
}

export function chart(panel: MetricPanel, { series, dots }: Drawn, asked: Asked, box: Box): string[] {
  const drawn = series.filter(({ points }) => points.length > 0);
  const names = drawn.slice(0, MOST_NAMES);
  const plot: Box = {
    x: box.x + 58,
    y: box.y + 30,
    width: box.width - 72,
    height: box.height - 56 - LEGEND_LINE * Math.ceil(names.length / 2),
  };
  if (drawn.length === 0) return [text(box.x + box.width / 2, box.y + box.height / 2, panel.noValue ?? 'no data', 'quiet middle')];
  const stacks = panel.isStacked === true ? stacked(drawn) : new Map<Series, ReadonlyMap<number, number>>();
  const tops = [
    ...drawn.flatMap((each) => each.points.map(([at, value]) => value + (stacks.get(each)?.get(at) ?? 0))),
    ...dots.map(([, value]) => value),
  ];
  const ticks = ticksTo(panel.max ?? (Math.max(...tops) || 1), 4);
  const top = ticks.at(-1) ?? 1;
  const xOf = (seconds: number): number => round(plot.x + ((seconds - asked.from) / (asked.to - asked.from)) * plot.width);
  const yOf = (value: number): number => round(plot.y + plot.height - (Math.min(value, top) / top) * plot.height);
  const parts = [...axes(panel, ticks, asked, plot, xOf, yOf)];
  for (const [index, each] of drawn.entries()) {
    const color = COLORS[index % COLORS.length] ?? '';
    const base = stacks.get(each);
    for (const piece of pieces(each.points, asked)) {
      const upper = piece.map(([at, value]) => `${xOf(at)},${yOf(value + (base?.get(at) ?? 0))}`);
      const lower = piece.map(([at]) => `${xOf(at)},${yOf(base?.get(at) ?? 0)}`).reverse();
      if (each.query.isLimit === true) parts.push(`<polyline class="limit" points="${upper.join(' ')}"/>`);
      else if (base !== undefined) parts.push(`<polygon class="area" fill="${color}" points="${[...upper, ...lower].join(' ')}"/>`);
      if (each.query.isLimit !== true) parts.push(`<polyline class="line" stroke="${color}" points="${upper.join(' ')}"/>`);
    }
  }
  for (const [at, value] of dots) parts.push(`<circle class="dot" cx="${xOf(at)}" cy="${yOf(value)}" r="2.4"/>`);
  return [...parts, ...legend(panel, names, plot, box, drawn.length - names.length)];
}

function axes(
  panel: MetricPanel,
  ticks: readonly number[],
  { from, to }: Asked,
  plot: Box,
  xOf: (at: number) => number,
  yOf: (value: number) => number,
): string[] {
  const bottom = plot.y + plot.height;
  const lines = ticks.flatMap((tick) => [
    `<line class="grid" x1="${plot.x}" x2="${plot.x + plot.width}" y1="${yOf(tick)}" y2="${yOf(tick)}"/>`,
    text(plot.x - 6, yOf(tick) + 4, inUnit(tick, panel.unit), 'quiet right'),
  ]);
  const every = Math.ceil((to - from) / 5 / 30) * 30;
  const first = Math.ceil(from / every) * every;
  const times = Array.from({ length: Math.floor((to - first) / every) + 1 }, (_, index) => first + index * every);
  return [...lines, ...times.map((at) => text(xOf(at), bottom + 15, clock(at), 'quiet middle'))];
}

/** In two columns: colour, name, last value. */
function legend(panel: MetricPanel, names: readonly Series[], plot: Box, box: Box, others: number): string[] {
  const half = (box.width - 20) / 2;
  return names.flatMap((each, index) => {
    const x = box.x + 10 + (index % 2) * half;
    const y = plot.y + plot.height + 34 + Math.floor(index / 2) * LEGEND_LINE;
    const isLimit = each.query.isLimit === true;
    const mark = isLimit
      ? `<line class="limit" x1="${x}" x2="${x + 14}" y1="${y - 4}" y2="${y - 4}"/>`
      : `<rect x="${x}" y="${y - 6}" width="14" height="4" rx="2" fill="${COLORS[index % COLORS.length] ?? ''}"/>`;
    const more = index === names.length - 1 && others > 0 ? `  and ${others} more` : '';
    const last = inUnit(each.points.at(-1)?.[1] ?? NaN, panel.unit);
    return [mark, text(x + 20, y, clipped(`${each.name}  ${last}${more}`, half - 26), 'quiet')];
  });
}

/** What lies below each series at each time; a limit is never part of a stack. */
function stacked(series: readonly Series[]): Map<Series, ReadonlyMap<number, number>> {
  const sums = new Map<number, number>();
  const below = new Map<Series, ReadonlyMap<number, number>>();
  for (const each of series) {
    if (each.query.isLimit === true) continue;
    below.set(each, new Map(each.points.map(([at]) => [at, sums.get(at) ?? 0])));
    for (const [at, value] of each.points) sums.set(at, (sums.get(at) ?? 0) + value);
  }
  return below;
}

/** A line ends where nothing was said for long, and begins again after it. */
function pieces(points: Series['points'], { from, to }: Asked): Series['points'][] {
  const gap = Math.max(3, (to - from) / 80);
  const found: (readonly [number, number])[][] = [];
  for (const point of points) {
    const last = found.at(-1);
    if (last === undefined || point[0] - (last.at(-1)?.[0] ?? 0) > gap) found.push([point]);
    else last.push(point);
  }
  return found;
}
