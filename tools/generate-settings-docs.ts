/**
 * Generates docs/settings.md from the table of settings.
 * `node tools/generate-settings-docs.ts` writes; `--check` writes nothing and exits 1 when the page is stale; `--root DIR` works on another tree.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table, type Row } from '../src/config/settings/table.ts';

const PAGE = 'docs/settings.md';
const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string', default: join(import.meta.dirname, '..') } },
});

/** Of each group of variables: its heading, and which names belong to it. The first that fits takes a name. */
const groups: readonly { title: string; about: string; fits: (name: string) => boolean }[] = [
  {
    title: 'OpenTelemetry',
    about: 'They mean here what the OpenTelemetry SDK specification says.',
    fits: (name) => name.startsWith('OTEL_'),
  },
  {
    title: 'swarmscope',
    about: 'Ours. A name that begins like them and is none is reported as a likely typo.',
    fits: (name) => name.startsWith('SWARMSCOPE_'),
  },
  {
    title: 'Folders',
    about:
      'The XDG base folders; a folder `swarmscope` is made in each, for its owner alone. Without a home folder that can be used, all are in `swarmscope-home-UID` below the temporary folder.',
    fits: () => true,
  },
];

const intro = `<!-- Generated from src/config/settings/table.ts by tools/generate-settings-docs.ts. Do not edit. -->
<!-- prettier-ignore-start -->

# Settings

Every setting is an environment variable. Absent and empty mean the same. A value that cannot be used is reported with what was expected and what came
(by \`swarmscope run\` at its start, else by \`swarmscope doctor\`), and the default is used. No setting is read from a file in the working folder.

`;

function render(): string {
  const rows = Object.values(table) as Row<unknown>[];
  const taken = new Set<string>();
  const sections = groups.map(({ title, about, fits }) => {
    const own = rows.filter(({ env }) => fits(env) && !taken.has(env));
    for (const { env } of own) taken.add(env);
    const lines = own.map(
      (row) =>
        `| \`${row.env}\` | ${cell(row.about)}${row.isSecret === true ? ' Never shown.' : ''} | ${cell(row.parser.expected)} | ${fallback(row.fallback)} |`,
    );
    return `\n## ${title}\n\n${about}\n\n| Variable | Meaning | Value | Default |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;
  });
  return `${intro}${sections.join('')}\n<!-- prettier-ignore-end -->\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function fallback(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : `\`${value.join(',')}\``;
  if (typeof value === 'string') return value === '' ? 'none' : `\`${value}\``;
  return typeof value === 'number' || typeof value === 'boolean' ? `\`${value}\`` : 'none';
}

const page = join(values.root, PAGE);
const text = render();
const isFresh = existsSync(page) && readFileSync(page, 'utf8') === text;
if (!values.check) writeFileSync(page, text);
if (values.check && !isFresh) {
  process.stderr.write(`stale: ${PAGE}\nRun \`node tools/generate-settings-docs.ts\` and commit what it writes.\n`);
  process.exitCode = 1;
} else process.stdout.write(`settings: ${Object.keys(table).length} in ${PAGE}, ${values.check ? 'up to date' : 'written'}\n`);
