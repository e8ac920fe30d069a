/**
 * Generates the table of HTTP clients in docs/llm.md from the table that its tests run.
 * `node tools/generate-clients-docs.ts` writes; `--check` writes nothing and exits 1 when the page is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BODIES, TABLE, type Body, type ClientRow, type Form } from '../test/clients/table.ts';

const PAGE = 'docs/llm.md';
const START = '<!-- clients:start (tools/generate-clients-docs.ts) -->';
const END = '<!-- clients:end -->';
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

function render(): string {
  const headings = ['client', ...COLUMNS.map(([heading]) => heading), 'bodies of requests', 'Node'];
  const rows = TABLE.map((row) => [row.title, ...COLUMNS.map(([, form]) => cell(row, form)), bodies(row), nodes(row)]);
  const lines = [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${START}\n<!-- prettier-ignore-start -->\n\n${lines.join('\n')}\n\n<!-- prettier-ignore-end -->\n${END}`;
}

const page = join(import.meta.dirname, '..', PAGE);
const before = readFileSync(page, 'utf8');
const [start, end] = [before.indexOf(START), before.indexOf(END)];
if (start === -1 || end < start) throw new Error(`${PAGE} lacks the lines ${START} and ${END}`);
const after = before.slice(0, start) + render() + before.slice(end + END.length);
if (!values.check) writeFileSync(page, after);
if (values.check && after !== before) {
  process.stderr.write(`stale: ${PAGE}\nRun \`node tools/generate-clients-docs.ts\` and commit what it writes.\n`);
  process.exitCode = 1;
} else process.stdout.write(`clients: ${TABLE.length} in ${PAGE}, ${values.check ? 'up to date' : 'written'}\n`);
