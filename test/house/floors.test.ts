// Plants one bad import per floor into one house and expects the checker to name each with its rule and its reason.
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { freshFolder, repository } from '../harness/index.ts';

/** A house without a fault: every room has a file that others may import. */
const sound: Readonly<Record<string, string>> = {
  'src/semconv/index.ts': 'export const NAME = 1;',
  'src/config/table.ts': "import { NAME } from '../semconv/index.ts';\nexport const table = NAME;",
  'src/pricing/index.ts': 'export const price = 1;',
  'src/protocols/recognition.ts': "import { NAME } from '../semconv/index.ts';\nexport const recognition = NAME;",
  'src/hooks/undici.ts': "import { table } from '../config/table.ts';\nexport const hook = table;",
  'src/recording/index.ts':
    "import { trace } from '@opentelemetry/api';\nimport { price } from '../pricing/index.ts';\nexport const recorder = [trace, price];\nexport interface Recorder { a: 1 }",
  'src/observers/catalogue.ts': 'export const catalogue = [1];',
  'src/observers/git/index.ts':
    "import { hook } from '../../hooks/undici.ts';\nimport type { Recorder } from '../../recording/index.ts';\nexport const git = (r: Recorder) => [r, hook];",
  'src/observers/queue/index.ts': 'export const queue = 1;',
  'src/gauges/pools.ts': "import { recorder } from '../recording/index.ts';\nexport const pools = recorder;",
  'src/root/index.ts': "import { recorder } from '../recording/index.ts';\nexport const root = recorder;",
  'src/sdk/supervisor.ts':
    "import { recorder } from '../recording/index.ts';\nimport { Resource } from '@opentelemetry/resources';\nexport const supervisor = [recorder, Resource];",
  'src/sdk/index.ts':
    "import { supervisor } from './supervisor.ts';\nimport { root } from '../root/index.ts';\nimport { pools } from '../gauges/pools.ts';\nexport const sdk = [supervisor, root, pools];",
  'src/analysis/report.ts': "import { price } from '../pricing/index.ts';\nexport const report = price;",
  'src/viewer/store.ts': "import { report } from '../analysis/report.ts';\nexport const store = report;",
  'src/viewer/web/main.tsx':
    "import { h } from 'preact';\nimport { report } from '../../analysis/report.ts';\nexport const page = h('p', null, report);",
  'src/grafana/panel.ts': "import { NAME } from '../semconv/index.ts';\nexport const panel = NAME;",
  'src/cli/main.ts':
    "import { store } from '../viewer/store.ts';\nimport { supervisor } from '../sdk/supervisor.ts';\nimport { catalogue } from '../observers/catalogue.ts';\nexport const main = [store, supervisor, catalogue];",
  'src/register.ts': "import { git } from './observers/git/index.ts';\nexport const armed = git;",
  'src/index.ts': "import type { Recorder } from './recording/index.ts';\nexport const withTask = (r: Recorder) => r;",
};

function check(files: Readonly<Record<string, string>>): Promise<{ code: number; output: string }> {
  const folder = freshFolder('floors');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${text}\n`);
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  return new Promise((resolve) => {
    execFile(process.execPath, [join(repository, 'tools/check-floors.ts'), '--root', folder], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

/** What is wrong, the rule that must say so, the file and the line planted into it. */
const faults: readonly (readonly [title: string, rule: string, file: string, line: string])[] = [
  [
    'semconv imports another room',
    'semconv-may-import',
    'src/semconv/index.ts',
    "import { price } from '../pricing/index.ts'; export const p1 = price;",
  ],
  [
    'config loads OpenTelemetry',
    'no-opentelemetry',
    'src/config/table.ts',
    "import { trace } from '@opentelemetry/api'; export const p2 = trace;",
  ],
  ['hooks take a word', 'hooks-may-import', 'src/hooks/undici.ts', "import { NAME } from '../semconv/index.ts'; export const p3 = NAME;"],
  [
    'hooks know an AI library by type',
    'hooks-types',
    'src/hooks/undici.ts',
    "import type { OpenAI } from 'openai'; export type P4 = OpenAI;",
  ],
  [
    'recording loads the SDK',
    'recording-may-load',
    'src/recording/index.ts',
    "import { resource } from '@opentelemetry/resources'; export const p5 = resource;",
  ],
  [
    'recording reaches the SDK through a friend',
    'no-sdk-in-recording',
    'src/recording/index.ts',
    "import { between } from './between.ts'; export const p6 = between;",
  ],
  [
    'an observer loads the library it watches',
    'observers-may-load',
    'src/observers/queue/index.ts',
    "import PQueue from 'p-queue'; export const p7 = PQueue;",
  ],
  [
    'an observer knows another',
    'observers-not-sideways',
    'src/observers/git/index.ts',
    "import { queue } from '../queue/index.ts'; export const p8 = queue;",
  ],
  [
    'an observer knows a gauge',
    'observers-may-import',
    'src/observers/git/index.ts',
    "import { pools } from '../../gauges/pools.ts'; export const p9 = pools;",
  ],
  [
    'a gauge knows the SDK by type',
    'gauges-may-import',
    'src/gauges/pools.ts',
    "import type { sdk } from '../sdk/index.ts'; export type P10 = typeof sdk;",
  ],
  [
    'the root knows a gauge',
    'root-may-import',
    'src/root/index.ts',
    "import { pools } from '../gauges/pools.ts'; export const p11 = pools;",
  ],
  [
    'the assembly knows the reading half',
    'sdk-may-import',
    'src/sdk/index.ts',
    "import { store } from '../viewer/store.ts'; export const p12 = store;",
  ],
  [
    'the recording half reaches the reading half',
    'no-reading-half-in-recording',
    'src/root/index.ts',
    "import { report } from '../analysis/report.ts'; export const p13 = report;",
  ],
  [
    'an answer reads a file',
    'analysis-no-io',
    'src/analysis/report.ts',
    "import { readFileSync } from 'node:fs'; export const p14 = readFileSync;",
  ],
  [
    'a protocol opens a connection',
    'protocols-no-io',
    'src/protocols/recognition.ts',
    "import { request } from 'node:http'; export const p25 = request;",
  ],
  [
    'a protocol knows the recorder',
    'protocols-may-import',
    'src/protocols/recognition.ts',
    "import type { Recorder } from '../recording/index.ts'; export type P24 = Recorder;",
  ],
  [
    'an answer knows OpenTelemetry by type',
    'analysis-types',
    'src/analysis/report.ts',
    "import type { Span } from '@opentelemetry/api'; export type P15 = Span;",
  ],
  [
    'the viewer reaches the recording half',
    'no-recording-half-in-reading',
    'src/viewer/store.ts',
    "import { recorder } from '../recording/index.ts'; export const p16 = recorder;",
  ],
  [
    'the page reads the store',
    'viewer/web-may-import',
    'src/viewer/web/main.tsx',
    "import { store } from '../store.ts'; export const p24 = store;",
  ],
  [
    'the page loads a package of Node',
    'viewer/web-may-load',
    'src/viewer/web/main.tsx',
    "import { trace } from '@opentelemetry/api'; export const p25 = trace;",
  ],
  ['the page needs Node', 'page-no-node', 'src/viewer/web/main.tsx', "import { join } from 'node:path'; export const p26 = join;"],
  ['the server holds the page', 'page-is-alone', 'src/viewer/store.ts', "import { page } from './web/main.tsx'; export const p27 = page;"],
  [
    'dashboards read the settings',
    'grafana-may-import',
    'src/grafana/panel.ts',
    "import { table } from '../config/table.ts'; export const p17 = table;",
  ],
  [
    'a command starts the recording half by another door',
    'cli-may-import',
    'src/cli/main.ts',
    "import { sdk } from '../sdk/index.ts'; export const p18 = sdk;",
  ],
  [
    'the preload reaches the recorder',
    'doors-arm-only',
    'src/register.ts',
    "import { recorder } from './recording/index.ts'; export const p19 = recorder;",
  ],
  [
    'an observer brings its lazy half along',
    'lazy-is-loaded-late',
    'src/observers/queue/index.ts',
    "import { lazy } from './lazy.ts'; export const p20 = lazy;",
  ],
  ['two files need each other', 'no-circles', 'src/hooks/other.ts', "import { hook } from './undici.ts'; export const other = hook;"],
  [
    'a source leans on a tool',
    'no-tools-in-src',
    'src/grafana/panel.ts',
    "import { tool } from '../../tools/tool.ts'; export const p22 = tool;",
  ],
  [
    'an import leads nowhere',
    'no-unresolvable',
    'src/grafana/panel.ts',
    "import { gone } from '../semconv/gone.ts'; export const p23 = gone;",
  ],
];

/** The other ends of the planted lines. */
const friends = {
  'src/recording/between.ts': "import { sdk } from '../sdk/index.ts';\nexport const between = sdk;",
  'tools/tool.ts': 'export const tool = 1;',
  'src/observers/queue/lazy.ts': 'export const lazy = 1;',
  'src/hooks/undici.ts':
    "import { table } from '../config/table.ts';\nimport { other } from './other.ts';\nexport const hook = [table, other];",
};

function plantAll(): Record<string, string> {
  const files: Record<string, string> = { ...sound, ...friends };
  for (const [, , file, line] of faults) files[file] = `${line}\n${files[file] ?? ''}`;
  return files;
}

describe('the floors', () => {
  test('a sound project passes, and the checker says how much it read', async () => {
    const { code, output } = await check(sound);
    expect(output).toContain('floors (values): 20 of 20 source files');
    expect(code).toBe(0);
  });

  const planted = check(plantAll());
  test.each(faults)('%s', async (_, rule, file) => {
    const { code, output } = await planted;
    expect(output).toMatch(new RegExp(`^ {2}${rule}: ${file} -> .+\\n {4}\\w.+$`, 'm'));
    expect(code).toBe(1);
  });

  test('a checker that sees no file fails', async () => {
    const { code, output } = await check({ 'src/readme.txt': 'no source' });
    expect(output).toContain('0 of 0 source files');
    expect(code).toBe(1);
  });
});
