/**
 * The package goes, or another version takes its place, while a program runs: its threads live, and are recorded from the
 * private copy; where there is no copy they live without us, which is counted.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dist, ensureBuilt, freshFolder, runProgram, startSink } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';

ensureBuilt();

const app = `
const { rmSync, renameSync, cpSync, writeFileSync } = require('node:fs');
const { Worker } = require('node:worker_threads');
const started = (options) => new Promise((resolve) => {
  let said = 'nothing';
  const thread = new Worker(__dirname + '/leaf.cjs', options);
  thread.on('message', (text) => { said = text; });
  thread.on('error', (error) => { said = error.message.split('\\n')[0]; });
  thread.on('exit', (code) => resolve(said + ' ' + code));
});
const folder = __dirname + '/node_modules/swarmscope';
const ways = {
  remove: () => rmSync(__dirname + '/node_modules', { recursive: true }),
  // Another version: whatever of it is loaded is seen.
  replace: () => {
    renameSync(folder, __dirname + '/old');
    cpSync(__dirname + '/old', folder, { recursive: true });
    for (const name of ['register', 'arming', 'observers', 'recorder', 'assembly', 'exit-sender']) writeFileSync(folder + '/dist/' + name + '.cjs', 'console.log("ANOTHER VERSION")');
  },
  chdir: () => process.chdir('/'),
};
(async () => {
  if (process.argv[3] === 'early') console.log('before', await started());
  ways[process.argv[2]]();
  console.log('after', await started());
  console.log('with flags', await started({ execArgv: [] }));
  console.log('with variables', await started({ env: { ...process.env } }));
})();`;
const leaf = `
const { parentPort } = require('node:worker_threads');
require('node:child_process').execFileSync('true', ['leaf']);
parentPort.postMessage('lives');`;

function project(): string {
  const folder = freshFolder('lost-package');
  cpSync(dist, join(folder, 'node_modules/swarmscope/dist'), { recursive: true });
  const exported = { './register': './dist/register.cjs' };
  writeFileSync(
    join(folder, 'node_modules/swarmscope/package.json'),
    JSON.stringify({ name: 'swarmscope', version: '0.1.0', exports: exported }),
  );
  writeFileSync(join(folder, 'app.cjs'), app);
  writeFileSync(join(folder, 'leaf.cjs'), leaf);
  return folder;
}

const LIVES = ['after lives 0', 'with flags lives 0', 'with variables lives 0'];

test.each([
  ['--require', 'remove'],
  ['--require', 'chdir'],
  ['--require', 'replace'],
  ['--import', 'remove'],
  ['NODE_OPTIONS --require', 'remove'],
  ['NODE_OPTIONS --require', 'chdir'],
  ['NODE_OPTIONS --import', 'remove'],
])('%s swarmscope/register, and then %s: every thread lives and is recorded', async (how, way) => {
  const sink = await startSink();
  const folder = project();
  const flags = [how.split(' ').at(-1) ?? '', 'swarmscope/register'];
  const isVariable = how.startsWith('NODE_OPTIONS');
  const { code, stdout, stderr } = await runProgram({
    preload: 'none',
    command: process.execPath,
    args: [...(isVariable ? [] : flags), 'app.cjs', way, 'early'],
    cwd: folder,
    env: {
      ...(isVariable ? { NODE_OPTIONS: flags.join('=') } : {}),
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      SWARMSCOPE_EXIT_TIMEOUT: '10000',
    },
  });
  await sink.close();
  expect([stdout.trim().split('\n'), stderr, code]).toEqual([['before lives 0', ...LIVES], '', 0]);
  expect(spansOf(sink).filter(({ name }) => name === 'true')).toHaveLength(4);
});

test.each(['remove', 'replace'])('without a copy (%s) the threads live, and the status file counts them', async (way) => {
  const folder = project();
  const state = freshFolder('state');
  // The recorder is there before the package goes, so that there is a status.
  writeFileSync(join(folder, 'app.cjs'), `require('node:child_process').execFileSync('true');${app}`);
  const { code, stdout, stderr } = await runProgram({
    preload: 'none',
    command: process.execPath,
    args: ['--require', 'swarmscope/register', 'app.cjs', way],
    cwd: folder,
    env: { XDG_CACHE_HOME: '/dev/null/no-cache', XDG_STATE_HOME: state, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
  });
  expect([stdout.trim().split('\n'), stderr, code]).toEqual([LIVES, '', 0]);
  const status = join(state, 'swarmscope/status');
  expect(
    readdirSync(status).map((name) => (JSON.parse(readFileSync(join(status, name), 'utf8')) as { counters: object }).counters),
  ).toContainEqual(expect.objectContaining({ 'threads.without-preload': expect.any(Number) }));
});
