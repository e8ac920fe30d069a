/**
 * Generates the table of HTTP clients in docs/llm.md from the table that its tests run.
 * `node tools/generate-clients-docs.ts` writes; `--check` writes nothing and exits 1 when the page is stale.
 */
import { parseArgs } from 'node:util';
import { BODIES, TABLE, type Body, type ClientRow, type Form } from '../test/clients/table.ts';
import { fillPage } from './fill-page.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const COLUMNS: readonly (readonly [heading: string, form: Form])[] = [
  ['plain', 'plain'],
  ['stream', 'stream'],
  ['429', 'limited'],
  ['redirect', 'moved'],
  ['cut', 'cut'],
  ['unreachable', 'refused'],
  ['left', 'left'],
  ['aborted', 'aborted'],
  ['timeout', 'timeout'],
  ['tried again', 'retried'],
];

function cell(row: ClientRow, form: Form): string {
  if (!row.forms.includes(form)) return '';
  return form === 'timeout' && row.isTimeoutUntold === true ? 'as aborted' : 'yes';
}

function bodies({ bodies: taken }: ClientRow): string {
  const missing = BODIES.filter((body) => !taken.includes(body));
  const list = (names: readonly Body[]): string => names.map((name) => name.replace('-', ' ')).join(', ');
  return missing.length === 0 ? 'all' : missing.length <= taken.length ? `all but ${list(missing)}` : list(taken);
}

function nodes({ from, runsFrom }: ClientRow): string {
  if (from !== undefined) return `from ${from[22]}, ${from[24]}`;
  return runsFrom === undefined ? '' : `from ${runsFrom}`;
}

function rows(): string[][] {
  const headings = ['client', ...COLUMNS.map(([heading]) => heading), 'bodies of requests', 'Node'];
  const others = TABLE.map((row) => [row.title, ...COLUMNS.map(([, form]) => cell(row, form)), bodies(row), nodes(row)]);
  return [headings, ...others];
}

fillPage({ page: 'docs/llm.md', name: 'clients', rows: rows(), isCheck: values.check });
