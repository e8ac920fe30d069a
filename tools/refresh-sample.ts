/**
 * One sample report stands in all pages: docs/report.md shows the whole of it, README.md and docs/getting-started.md
 * show parts.
 * `node tools/refresh-sample.ts RUN` puts in the report of a stored run (`latest` after `npm start`); without RUN the
 * parts are cut anew.
 * `node tools/refresh-sample.ts --check` fails when the pages show different reports.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A section that a page shows, as a whole, up to the line that matches, or so many of its entries. */
type Section = readonly [title: string, upTo?: RegExp | number];

const SUM_OF_LANES = /accounted for\)$/;
const SUM_OF_MODELS = /^ {2}all /;

const WHOLE = 'docs/report.md';
const PARTS: Readonly<Record<string, readonly Section[]>> = {
  'README.md': [['What to change', 2], ['Lanes'], ['Tokens and money', SUM_OF_MODELS]],
  'docs/getting-started.md': [['Lanes'], ['Where lane time went', SUM_OF_LANES]],
};

const root = join(import.meta.dirname, '..');
const marks = /(<!-- sample:start[^\n]*-->\n+)```text\n([^]*?)\n```(\n+<!-- sample:end -->)/;

function sampleIn(file: string): string {
  const sample = marks.exec(readFileSync(join(root, file), 'utf8'))?.[2];
  if (sample === undefined) throw new Error(`${file} has lost its sample, or the marks around it`);
  return sample;
}

function write(file: string, sample: string): void {
  const text = readFileSync(join(root, file), 'utf8');
  writeFileSync(
    join(root, file),
    text.replace(marks, (_all, start: string, _old: string, end: string) => `${start}\`\`\`text\n${sample}\n\`\`\`${end}`),
  );
}

function partOf(report: string, sections: readonly Section[]): string {
  const [headline = '', ...all] = report.split('\n\n');
  const kept = sections.map(([title, upTo]) => {
    const lines = all.find((section) => section.startsWith(`${title}\n`))?.split('\n');
    if (lines === undefined) throw new Error(`the report has no section "${title}"`);
    return lines.slice(0, endOf(lines, upTo)).join('\n');
  });
  return [headline, ...kept].join('\n\n');
}

/** Where the part of a section ends. An entry begins with two blanks, what belongs to it with more. */
function endOf(lines: readonly string[], upTo: Section[1]): number | undefined {
  if (upTo === undefined) return undefined;
  if (typeof upTo !== 'number') return lines.findIndex((line) => upTo.test(line)) + 1;
  return lines.flatMap((line, index) => (/^ {2}\S/.test(line) ? [index] : []))[upTo];
}

function reportOf(run: string): string {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1' };
  return execFileSync(process.execPath, [join(root, 'dist', 'cli.mjs'), 'report', run], { encoding: 'utf8', env }).trimEnd();
}

const [run] = process.argv.slice(2);
const isCheck = run === '--check';
if (run !== undefined && !isCheck) write(WHOLE, reportOf(run));
const report = sampleIn(WHOLE);
for (const [file, sections] of Object.entries(PARTS)) {
  const part = partOf(report, sections);
  if (!isCheck) write(file, part);
  else if (sampleIn(file) !== part) throw new Error(`${file} shows another report than ${WHOLE}: run node tools/refresh-sample.ts`);
}
process.stdout.write(`${[WHOLE, ...Object.keys(PARTS)].join(', ')} show: ${report.split('\n', 1)[0]}\n`);
