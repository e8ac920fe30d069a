/** What a part of the bench found, as text: every contender side by side, and our figures against their gates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NONE } from './contenders.ts';
import type { Compared, Comparison, Figure, Spread } from './rounds.ts';

export interface Result {
  readonly part: string;
  readonly about: string;
  /** Date, machine, load, rounds. */
  readonly when: string;
  readonly figures: readonly Figure[];
  readonly comparisons: readonly Comparison[];
  /** What was left out, and what else one has to know. */
  readonly notes: readonly string[];
  readonly isQuick: boolean;
}

interface Budget {
  readonly part: string;
  readonly name: string;
  /** Missed above it, or below it where more is better. */
  readonly gate: number;
  readonly target: number;
  readonly isMoreBetter?: boolean;
}

const budgets = JSON.parse(readFileSync(join(import.meta.dirname, 'budgets.json'), 'utf8')) as readonly Budget[];

const number = (value: number): string => (Number.isNaN(value) ? 'unknown' : value.toFixed(Math.abs(value) < 10 ? 2 : 0));
const between = ([low, high]: Spread): string => `${number(low)} to ${number(high)}`;
const holds = (value: number, bound: number, { isMoreBetter = false }: Budget): boolean => (isMoreBetter ? value >= bound : value <= bound);

function verdict(figure: Figure, budget: Budget | undefined): string {
  if (budget === undefined) return '';
  if (!holds(figure.value, budget.gate, budget)) return 'MISS';
  return holds(figure.value, budget.target, budget) ? 'on target' : 'holds';
}

/** One line for each gate that is missed; what a quick run leaves out is not measured and not missed. */
export function missed({ part, figures, isQuick }: Result): string[] {
  return budgets.flatMap((budget) => {
    if (budget.part !== part) return [];
    const figure = figures.find(({ name }) => name === budget.name);
    if (figure === undefined) return isQuick ? [] : [`${budget.name}: not measured`];
    return verdict(figure, budget) === 'MISS' ? [`${budget.name}: ${number(figure.value)}, gate ${budget.gate}`] : [];
  });
}

type Row = readonly string[];

/** What all did, in multiples of the first, with the quartiles over the rounds. */
function comparisonRows(comparisons: readonly Comparison[]): Row[] {
  const names = [...new Set(comparisons.flatMap(({ by }) => Object.keys(by)))].filter((name) => name !== NONE);
  const cell = (compared: Compared | undefined): string =>
    compared === undefined ? '' : `${number(compared.ratio)} (${between(compared.spread)})`;
  return [
    ['CPU, x alone', 'alone', ...names],
    ...comparisons.map(({ what, alone, by }) => [what, alone, ...names.map((name) => cell(by[name]))]),
  ];
}

function figureRows({ part, figures, isQuick }: Result): Row[] {
  const rows = figures.map((figure) => {
    const budget = budgets.find(({ name }) => name === figure.name);
    const spread = figure.spread === undefined ? '' : between(figure.spread);
    return [figure.name, number(figure.value), spread, String(budget?.gate ?? ''), String(budget?.target ?? ''), verdict(figure, budget)];
  });
  const measured = new Set(figures.map(({ name }) => name));
  const absent = isQuick ? [] : budgets.filter((budget) => budget.part === part && !measured.has(budget.name));
  return [
    ['ours', 'median', 'quartiles', 'gate', 'target', ''],
    ...rows,
    ...absent.map(({ name, gate, target }) => [name, 'not measured', '', String(gate), String(target), 'MISS']),
  ];
}

function padded(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function markdown([head = [], ...rows]: readonly Row[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** For a terminal. */
export function printed(result: Result): string {
  return blocks(result, padded).join('\n\n');
}

/** For a page. */
export function asMarkdown(result: Result): string {
  return blocks(result, markdown).join('\n\n');
}

function blocks(result: Result, table: (rows: readonly Row[]) => string): string[] {
  const { when, notes, comparisons } = result;
  return [
    ...(when === '' ? [] : [`${when}.`]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')]),
    ...(comparisons.length === 0 ? [] : [table(comparisonRows(comparisons))]),
    ...(result.figures.length === 0 ? [] : [table(figureRows(result))]),
  ];
}
