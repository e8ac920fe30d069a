/**
 * Writes the matrix of LLM SDKs in docs/llm.md from test/llm/results.json, which the tests write (`UPDATE_LLM_RESULTS=1`).
 * `node tools/generate-llm-matrix.ts` writes; `--check` writes nothing and exits 1 when the page is stale; `--root DIR` works on another tree.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FACTS, MODES } from '../test/llm/modes.ts';
import type { Results } from '../test/llm/results.ts';

const PAGE = 'docs/llm.md';
const RESULTS = 'test/llm/results.json';
const marks = /(<!-- llm-matrix:start[^\n]*-->\n)[^]*?(<!-- llm-matrix:end -->)/;

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string', default: join(import.meta.dirname, '..') } },
});

function render(results: Results): string {
  const modes = MODES.map(({ title }) => title);
  const untold = [...new Set(Object.values(results).flatMap((row) => Object.values(row.untold ?? {})))];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = Object.values(results).map(({ library, speaks, cells, untold: own = {} }) => {
    const notes = [...new Set(Object.values(own))].map((why) => `<sup>${untold.indexOf(why) + 1}</sup>`);
    return line([library, `${speaks}${notes.join('')}`, ...MODES.map(({ name }) => cells[name] ?? '')]);
  });
  return [
    '',
    line(['letter', 'what the test asks for']),
    line(['---', '---']),
    ...FACTS.map(({ letter, means }) => line([letter, means])),
    '',
    line(['library', 'speaks', ...modes]),
    line(['library', 'speaks', ...modes].map(() => '---')),
    ...rows,
    ...untold.map((why, index) => `\n<sup>${index + 1}</sup> ${why}`),
    '',
  ].join('\n');
}

const path = join(values.root, PAGE);
const present = readFileSync(path, 'utf8');
if (!marks.test(present)) throw new Error(`${PAGE} has lost the marks around its matrix`);
const results = JSON.parse(readFileSync(join(values.root, RESULTS), 'utf8')) as Results;
const wanted = present.replace(marks, (_all, start: string, end: string) => `${start}${render(results)}${end}`);
if (values.check && wanted !== present) {
  console.error(`${PAGE} is not what ${RESULTS} says: run node tools/generate-llm-matrix.ts`);
  process.exitCode = 1;
} else {
  if (!values.check) writeFileSync(path, wanted);
  console.log(`matrix: ${Object.keys(results).length} libraries ${values.check ? 'are up to date' : 'written'}`);
}
