/**
 * Puts the report of a stored run (default: the last one; make it the demo by `npm start`) into README.md, between its two marks,
 * trimmed to the sections worth showing. `node tools/refresh-sample.ts [RUN]`
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SHOWN = ['Lanes', 'Where lane time went', 'Tokens and money', 'Trouble'];
const root = join(import.meta.dirname, '..');
const file = join(root, 'README.md');

const report = execFileSync(process.execPath, [join(root, 'dist', 'cli.mjs'), 'report', ...process.argv.slice(2, 3)], {
  encoding: 'utf8',
  env: { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1' },
});
const [headline = '', ...sections] = report.trimEnd().split('\n\n');
const kept = sections.filter((section) => SHOWN.includes(section.split('\n', 1)[0] ?? '')).map(withoutRules);
if (kept.length === 0) throw new Error('the report has none of the sections to show');

const marks = /(<!-- sample:start[^\n]*-->\n)[^]*?(<!-- sample:end -->)/;
const readme = readFileSync(file, 'utf8');
if (!marks.test(readme)) throw new Error('README.md has lost its sample marks');
const sample = [headline, ...kept].join('\n\n');
writeFileSync(
  file,
  readme.replace(marks, (_all, start: string, end: string) => `${start}\`\`\`text\n${sample}\n\`\`\`\n${end}`),
);
process.stdout.write(`README.md shows: ${headline}\n`);

/** The rules below the sum are in docs/report.md. */
function withoutRules(section: string): string {
  const lines = section.split('\n');
  const sum = lines.findIndex((line) => line.endsWith('accounted for)'));
  return (sum === -1 ? lines : lines.slice(0, sum + 1)).join('\n');
}
