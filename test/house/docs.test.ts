/** Checks what a program can check of the pages: links, commands, flags, settings, names, files, the sample report. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { flagsOf, type Commands } from '../../src/cli/command.ts';
import { allCommands } from '../../src/cli/commands/index.ts';
import { CONFIG_FILE } from '../../src/config/config-file.ts';
import { table } from '../../src/config/settings/table.ts';
import { CHILD_VARIABLES } from '../../src/observers/child-process/environment.ts';

const root = join(import.meta.dirname, '..', '..');
const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.cache']);

function pagesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pagesIn(path);
    return entry.name.endsWith('.md') ? [relative(root, path)] : [];
  });
}

const pages = pagesIn(root);
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');
/** Shell blocks, blocks without a language, and inline code. */
const codeOf = (text: string): string[] =>
  [...text.matchAll(/^```(\w*)\n([^]*?)^```|`([^`\n]+)`/gm)]
    .filter(([, language = '']) => language === '' || language === 'sh')
    .map(([, , block, inline]) => block ?? inline ?? '');

/** The anchor that a heading gets. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

const anchorsOf = (text: string): string[] => [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** Relative links of a page that lead nowhere. */
function brokenLinks(page: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(root, page) : join(root, dirname(page), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    });
}

let commands: Commands;
beforeAll(async () => {
  commands = await allCommands();
});

/** What follows `swarmscope` in a line of code, up to the program after `--`. */
function wrongCommands(text: string): string[] {
  const lines = codeOf(text).flatMap((code) => code.split('\n'));
  return lines.flatMap((line) => {
    const found = /(?:^|\bnpx |\$ )swarmscope ([a-z]+)((?: [^\n#]*)?)/.exec(line);
    if (found === null) return [];
    const [, name = '', rest = ''] = found;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) return [line];
    const own = rest.split(/ -- | --$/)[0] ?? '';
    const flags = flagsOf(command);
    return [...own.matchAll(/(?<=\s)--([a-z][\w-]*)/g)].some(([, flag = '']) => !Object.hasOwn(flags, flag)) ? [line] : [];
  });
}

const SETTINGS = new Set<string>([...Object.values(table).map(({ env }) => env), ...CHILD_VARIABLES]);
/** Names that pages may use although nothing of ours reads or sets them, each with its reason. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ['SWARMSCOPE_', 'the prefix'],
  ['OTEL_', 'the prefix'],
  ['OTEL_EXPORTER_OTLP_', 'a prefix, with a star'],
  ['OTEL_BSP_', 'a prefix, with a star'],
  ['OTEL_EBPF_AUTO_TARGET_EXE', 'of OpenTelemetry eBPF Instrumentation'],
  ['OTEL_EBPF_HOSTNAME', 'of OpenTelemetry eBPF Instrumentation'],
]);

const unknownSettings = (text: string): string[] =>
  [...text.matchAll(/\b(?:SWARMSCOPE|OTEL)_[A-Z0-9_]*/g)]
    .map(([name]) => name)
    .filter((name) => !SETTINGS.has(name) && !EXCEPTIONS.has(name));

const names = new Set(
  ['attributes', 'metrics', 'spans'].flatMap((page) =>
    [...textOf(`docs/reference/${page}.md`).matchAll(/`([a-z_]+(?:\.[a-z_0-9]+)+)`/g)].map(([, name = '']) => name),
  ),
);
const unknownNames = (text: string): string[] =>
  [...text.matchAll(/`((?:swarmscope|gen_ai|hw)\.[a-z_0-9.]+)`/g)]
    .map(([, name = '']) => name)
    .filter((name) => !names.has(name) && name !== CONFIG_FILE);

test('pages are found', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'ARCHITECTURE.md', join('docs', 'getting-started.md')]));
});

describe.each(pages)('%s', (page) => {
  const text = textOf(page);

  test('links to what exists', () => {
    expect(brokenLinks(page, text)).toEqual([]);
  });
  test('names commands and flags that exist', () => {
    expect(wrongCommands(text)).toEqual([]);
  });
  test('names settings that exist', () => {
    expect(unknownSettings(text)).toEqual([]);
  });
  test('names spans, metrics and attributes of the registry', () => {
    expect(unknownNames(text)).toEqual([]);
  });
});

test('README shows two commands first, and both are scripts of the package', () => {
  const [, block = ''] = /```sh\n([^]*?)```/.exec(textOf('README.md')) ?? [];
  const commands = block
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s*#.*/, ''));
  expect(commands).toEqual(['npm ci && npm start', 'npm ci && npm test']);
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']));
});

test('README is short enough to be read', () => {
  expect(textOf('README.md').split('\n').length - 1).toBeLessThanOrEqual(120);
});

/** Files that the worked examples of CONTRIBUTING.md would add. */
const ADDED_BY_EXAMPLES = /(?:openai-embeddings|p-limit|open-files|where|longest-waits)/;

test('every file that a page names exists', () => {
  const named = pages.flatMap((page) =>
    [...textOf(page).matchAll(/`((?:src|tools|bench|test)\/[\w/.-]+)`/g)].map(([, file = '']) => ({ page, file })),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter(({ file }) => !existsSync(join(root, file)) && !ADDED_BY_EXAMPLES.test(file))).toEqual([]);
});

test('all pages show the same sample report', () => {
  const said = execFileSync(process.execPath, [join(root, 'tools', 'refresh-sample.ts'), '--check'], { encoding: 'utf8' });
  expect(said).toContain('README.md, docs/getting-started.md show: swarmscope  demo');
});

test('the page of settings is the one that the table gives', () => {
  const said = execFileSync(process.execPath, [join(root, 'tools', 'generate-settings-docs.ts'), '--check'], { encoding: 'utf8' });
  expect(said).toMatch(/up to date/);
});

describe('the checks see a fault', () => {
  test.each([
    { what: 'a dead link', found: () => brokenLinks('README.md', '[x](docs/nowhere.md)') },
    { what: 'a dead anchor', found: () => brokenLinks('README.md', '[x](docs/preload.md#nowhere)') },
    { what: 'an unknown command', found: () => wrongCommands('`swarmscope rum -- node x`') },
    { what: 'an unknown flag', found: () => wrongCommands('```sh\nnpx swarmscope run --exprt http://x -- node x --any\n```\n') },
    { what: 'an unknown setting', found: () => unknownSettings('SWARMSCOPE_TYPO=1') },
    { what: 'an unknown name', found: () => unknownNames('`swarmscope.no.such`') },
  ])('$what', ({ found }) => {
    expect(found()).toHaveLength(1);
  });
  test('flags after the two dashes belong to the program that is run', () => {
    expect(wrongCommands('`swarmscope run --quiet -- node x --any`')).toEqual([]);
  });
});
