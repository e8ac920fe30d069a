/**
 * Generates the table of docs/frameworks.md from the one that the tests of queues run.
 * `node tools/generate-frameworks-docs.ts` writes; `--check` writes nothing and exits 1 when the page is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TABLE } from '../test/observers/queues/table.ts';

const PAGE = 'docs/frameworks.md';
const START = '<!-- frameworks:start (tools/generate-frameworks-docs.ts) -->';
const END = '<!-- frameworks:end -->';
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

function render(): string {
  const headings = ['library', 'versions', 'modules', 'a task is', 'a pool is', 'besides', 'not seen, or otherwise'];
  const rows = TABLE.map(({ library, versions, systems, task, pool, also, limits = '' }) => [
    `\`${library}\``,
    Object.values(versions).join(', '),
    systems.join(', '),
    task,
    pool,
    also.join(', '),
    limits,
  ]);
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
  process.stderr.write(`stale: ${PAGE}\nRun \`node tools/generate-frameworks-docs.ts\` and commit what it writes.\n`);
  process.exitCode = 1;
} else process.stdout.write(`frameworks: ${TABLE.length} in ${PAGE}, ${values.check ? 'up to date' : 'written'}\n`);
