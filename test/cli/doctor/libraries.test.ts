/** `doctor` names the libraries that a program loaded, with their versions and how they are observed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { commandFile, freshFolder, runProgram } from '../../harness/index.ts';
import { api } from '../../e2e/programs.ts';

/** What stands in a package of this name, as far as it is recognised. */
function install(folder: string, name: string, version: string, files: Record<string, string>): void {
  const place = join(folder, 'node_modules', name);
  for (const [file, text] of Object.entries({ 'package.json': JSON.stringify({ name, version, type: 'commonjs' }), ...files })) {
    mkdirSync(join(place, file, '..'), { recursive: true });
    writeFileSync(join(place, file), text);
  }
}

test('each library once, with its version and the way', async () => {
  const folder = freshFolder('libraries');
  install(folder, 'fastq', '1.99.0', { 'queue.js': 'function fastqueue() {}\nmodule.exports = fastqueue;\n' });
  install(folder, 'p-limit', '9.8.7', { 'index.js': 'function pLimit() {}\nmodule.exports = pLimit;\n' });
  const program = join(folder, 'app.cjs');
  writeFileSync(program, `require('fastq/queue.js'); require('p-limit/index.js'); require(${api}).withTask('one', () => undefined);`);
  const state = freshFolder('state');
  const env = { XDG_STATE_HOME: state, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
  const { code, stderr } = await runProgram({ file: program, env });
  expect([code, stderr]).toEqual([0, '']);
  const { stdout } = await runProgram({ command: process.execPath, args: [commandFile, 'doctor'], preload: 'none', env });
  const section = /Libraries that they loaded[^\n]*\n([^]*?)\n\n/.exec(stdout)?.[1] ?? stdout;
  expect(section.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))).toEqual([
    'fastq | 1.99.0 | by shadows on its functions',
    'p-limit | 9.8.7 | by shadows on its functions',
  ]);
});
