// Checks for unused files, exports and dependencies (knip), and that the checker read the sources at all.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const repository = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { root: { type: 'string', default: repository } } });
const root = resolve(values.root);

const knip = join(repository, 'node_modules/knip/bin/knip.js');
const reporters = ['--reporter', 'symbols', '--reporter', join(repository, 'tools/lint/knip-reporter.mjs')];
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [knip, '--no-progress', '--no-config-hints', '--directory', root, ...reporters],
  { encoding: 'utf8' },
);

const read = Number(/^knip-read \{"files":(\d+)\}$/m.exec(stdout)?.[1] ?? 0);
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name)).length;
const findings = stdout.replace(/^knip-read .*\n/m, '').trim();

console.log(`unused: knip read ${read} files; src has ${sources}`);
if (findings !== '') console.log(findings);
if (stderr.trim() !== '') console.error(stderr.trim());
const hasReadTooLittle = sources === 0 || read < sources;
if (hasReadTooLittle) console.error('knip read fewer files than src has; knip.json names the wrong folders');
process.exitCode = status === 0 && !hasReadTooLittle ? 0 : 1;
