/** Dashboards: every panel can be read and acted on, every search is TraceQL, every board is what Grafana's provisioning takes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parser as traceql } from '@grafana/lezer-traceql';
import { boards } from '../../src/grafana/index.ts';
import * as semconv from '../../src/semconv/index.ts';
import { repository } from '../harness/paths.ts';
import { readPromql } from './promql.ts';

const panels = boards.flatMap((board) => board.rows.flatMap((row) => row.panels.map((panel) => ({ board, panel, title: `${board.title}: ${panel.title}` }))));
const queried = panels.flatMap(({ panel, title }) =>
  panel.kind === 'text' || panel.kind === 'traces' ? [] : panel.queries.map(({ expr, legend }) => ({ title, expr, legend })),
);
test.each(queried)('$title: the legend names labels that the answer has', ({ expr, legend }) => {
  const used = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
  const { groupings } = readPromql(expr);
  expect(used.filter((name) => !groupings.includes(name ?? ''))).toEqual([]);
});

test.each(panels.flatMap(({ panel, title }) => (panel.kind === 'traces' ? [{ title, query: panel.traceql }] : [])))('$title: the search is TraceQL over names of the registry', ({ query: written }) => {
  const mistakes: string[] = [];
  const query = written.replaceAll('$slow', '5s');
  traceql.parse(query).iterate({ enter: (node) => void (node.type.isError && mistakes.push(query.slice(node.from, node.to + 20))) });
  expect(mistakes).toEqual([]);
  const names: unknown[] = Object.values(semconv);
  expect([...query.matchAll(/(?:span|resource)\.([\w.]+)/g)].map(([, name]) => name ?? '').filter((name) => !names.includes(name))).toEqual([]);
});

test.each(panels)('$title: says what it shows and what to do, in a unit', ({ panel }) => {
  expect(panel.description.length).toBeGreaterThan(15);
  expect(panel.description).toMatch(/[.:]$/);
  if (panel.kind === 'text' || panel.kind === 'traces') return;
  expect(panel.unit).not.toBe('');
  expect(panel.queries.length).toBeGreaterThan(0);
  expect(new Set(panel.queries.map(({ legend }) => legend)).size).toBe(panel.queries.length);
  if (panel.kind === 'stat') expect(panel.noValue).toBeDefined();
});

test('no two panels of a board have the same title, because links and reasons refer to it', () => {
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
});

test('a panel whose description speaks of dots has exemplars, and only durations that the collector counts from spans have any', () => {
  const lines = panels.flatMap(({ panel, title }) => ('queries' in panel ? panel.queries.map((query) => ({ title, panel, query })) : []));
  const fromSpans = lines.filter(({ query }) => query.hasExemplars === true);
  expect(fromSpans.length).toBeGreaterThan(5);
  expect(fromSpans.filter(({ query }) => !query.expr.includes('traces_span_metrics_duration_seconds_bucket'))).toEqual([]);
  const promising = new Set(lines.filter(({ panel }) => /dots/.test(panel.description)).map(({ title }) => title));
  expect(new Set(fromSpans.map(({ title }) => title))).toEqual(promising);
});

test('every search shows the run of what it finds, and leads to all of it', () => {
  const searches = panels.flatMap(({ panel }) => (panel.kind === 'traces' ? [panel.traceql] : []));
  expect(searches.filter((search) => !search.includes('| select(resource.swarmscope.run.id'))).toEqual([]);
  expect(searches.filter((search) => !search.includes('resource.service.name =~ "$service"'))).toEqual([]);
});

describe.each(boards)('$title', (board) => {
  const json = JSON.parse(readFileSync(join(repository, 'grafana/dashboards', `${board.uid}.json`), 'utf8')) as {
    schemaVersion: number;
    editable: boolean;
    uid: string;
    panels: { id: number; type: string; gridPos: { x: number; y: number; w: number; h: number } }[];
    templating: { list: { name: string; type: string }[] };
  };

  test('its first row consists of numbers that say whether all is well', () => {
    expect(board.rows[0]?.title).toBe('Is it OK?');
    expect(board.rows[0]?.panels.every(({ kind }) => kind === 'stat')).toBe(true);
    expect(board.rows[0]?.panels.length).toBeGreaterThanOrEqual(4);
  });

  test('it is classic JSON, read-only, with variables for its sources', () => {
    expect(json).toMatchObject({ schemaVersion: 42, editable: false, uid: board.uid });
    expect(json.templating.list.map(({ name }) => name)).toEqual(expect.arrayContaining(['datasource', 'traces', 'environment', 'service']));
  });

  test('its panels stand within the grid, do not overlap and have ids of their own', () => {
    const cells = new Set<string>();
    const overlaps: string[] = [];
    for (const { gridPos } of json.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          const cell = `${x},${y}`;
          if (cells.has(cell) || x >= 24) overlaps.push(cell);
          cells.add(cell);
        }
    expect(overlaps).toEqual([]);
    expect(new Set(json.panels.map(({ id }) => id)).size).toBe(json.panels.length);
  });
});

test('a limit is never drawn without the usage that it limits', () => {
  const limits = panels.filter(({ panel }) => 'queries' in panel && panel.queries.some(({ isLimit }) => isLimit));
  expect(limits.length).toBeGreaterThan(10);
  expect(limits.filter(({ panel }) => 'queries' in panel && panel.queries.every(({ isLimit }) => isLimit === true))).toEqual([]);
});
