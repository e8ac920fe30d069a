/** Draws numbers, bars, tables and lists of traces. */
import type { MetricPanel } from '../../src/grafana/index.ts';
import type { FoundTrace, Series } from './ask.ts';
import { clipped, COLORS, round, text, type Box } from './svg.ts';
import { clock, inUnit } from './values.ts';

const LINE = 20;

/** One number in the colour of the threshold that it has reached. */
export function number(panel: MetricPanel, series: readonly Series[], { x, y, width, height }: Box): string[] {
  const value = series[0]?.points.at(-1)?.[1];
  const color = value === undefined ? 'quiet' : (panel.thresholds?.findLast(({ from }) => value >= from)?.color ?? 'text');
  const shown = value === undefined ? (panel.noValue ?? 'no data') : inUnit(panel.decimals === 0 ? Math.round(value) : value, panel.unit);
  const size = value === undefined || shown.length > 9 ? 'words' : 'number';
  return [text(x + width / 2, y + height / 2 + 16, shown, `${size} ${color}`)];
}

export function bars(panel: MetricPanel, series: readonly Series[], { x, y, width, height }: Box): string[] {
  const values = series.map(({ name, points }) => ({ name, value: points.at(-1)?.[1] ?? 0 })).sort((a, b) => b.value - a.value);
  const top = Math.max(...values.map(({ value }) => value), 1e-9);
  const fits = Math.floor((height - 40) / LINE);
  return values.slice(0, fits).flatMap(({ name, value }, index) => {
    const at = y + 44 + index * LINE;
    const widest = width - 240;
    return [
      text(x + 10, at, clipped(name, 140), 'text'),
      `<rect x="${x + 155}" y="${at - 10}" width="${round((value / top) * widest)}" height="12" rx="2" fill="${COLORS[0]}"/>`,
      text(x + width - 10, at, inUnit(value, panel.unit), 'text right'),
    ];
  });
}

/** A line per set of labels, a column per query. */
export function table(panel: MetricPanel, series: readonly Series[], box: Box): string[] {
  const rows = new Map<string, Map<string, number>>();
  for (const { labels, query, points } of series) {
    const key = Object.values(labels).join(' ');
    rows.set(key, (rows.get(key) ?? new Map<string, number>()).set(query.legend, points.at(-1)?.[1] ?? NaN));
  }
  if (rows.size === 0) return [text(box.x + box.width / 2, box.y + box.height / 2, panel.noValue ?? 'no data', 'quiet middle')];
  const columns = panel.queries.map(({ legend, unit = panel.unit }) => ({ legend, unit }));
  const heading = ['', ...columns.map(({ legend }) => legend)];
  const lines = [...rows].map(([name, values]) => [
    name,
    ...columns.map(({ legend, unit }) => (values.has(legend) ? inUnit(values.get(legend) ?? NaN, unit) : '')),
  ]);
  return grid([heading, ...lines], box);
}

export function traces(found: readonly FoundTrace[], box: Box): string[] {
  const lines = found.map(({ id, name, startSeconds, durationSeconds }) => [
    clipped(id, 110),
    clock(startSeconds),
    name,
    inUnit(durationSeconds, 's'),
  ]);
  return grid([['Trace', 'Start', 'Root', 'Duration'], ...lines], box);
}

/** As many lines as fit. */
function grid(lines: readonly (readonly string[])[], { x, y, width, height }: Box): string[] {
  const columns = lines[0]?.length ?? 1;
  const share = (width - 20) / columns;
  const fits = Math.floor((height - 36) / LINE);
  return lines
    .slice(0, fits)
    .flatMap((line, row) => [
      ...line.map((cell, column) =>
        text(x + 10 + column * share, y + 44 + row * LINE, clipped(cell, share - 8), row === 0 ? 'quiet' : 'text'),
      ),
      `<line class="grid" x1="${x + 10}" x2="${x + width - 10}" y1="${y + 50 + row * LINE}" y2="${y + 50 + row * LINE}"/>`,
    ]);
}
