/** FIFOs, endless devices, folders and huge files in the place of files of ours: no run and no program waits for them. */
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { commandFile, ensureBuilt, freshFolder, runProgram, type ProgramResult } from '../../harness/index.ts';
import { api, patient } from '../../e2e/programs.ts';

ensureBuilt();
jest.setTimeout(600_000);
const node = process.execPath;

/** Puts what cannot be read to every place that a later process reads, as another process of the same user can. */
const put = `
  const fs = require('node:fs');
  const { dirname } = require('node:path');
  const { execFileSync } = require('node:child_process');
  exports.put = (kind, path) => {
    fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    fs.rmSync(path, { recursive: true, force: true });
    if (kind === 'fifo') execFileSync('mkfifo', [path], { env: { PATH: process.env.PATH, SWARMSCOPE_DISABLED: '1' } });
    if (kind === 'device') fs.symlinkSync('/dev/zero', path);
    if (kind === 'folder') fs.mkdirSync(path);
    if (kind === 'huge') { fs.writeFileSync(path, '', { mode: 0o600 }); fs.truncateSync(path, 2 ** 40); }
  };`;
/** What earlier runs left. */
const before = `
  const { put } = require('./put.cjs');
  const { KIND, TMPDIR, XDG_STATE_HOME, XDG_DATA_HOME } = process.env;
  const dead = TMPDIR + '/swarmscope-' + (process.getuid?.() ?? 'user') + '/dead';
  for (const name of ['pid', 'environment.json', 'ledgers/0123456789ab', 'finals/a.json']) put(KIND, dead + '/' + name);
  for (const name of ['1-1.json', '2-2.json']) put(KIND, XDG_STATE_HOME + '/swarmscope/status/' + name);
  put(KIND, XDG_STATE_HOME + '/swarmscope/spool/salt');
  for (const name of ['run.sqlite', 'run.sqlite-wal', 'owner.json']) put(KIND, XDG_DATA_HOME + '/swarmscope/runs/odd/' + name);`;
/** In the folder of the run that goes on; then it starts what reads there. */
const during = `
  const { put } = require('./put.cjs');
  const { withTask } = require(${api});
  const { execFileSync } = require('node:child_process');
  const { KIND, SWARMSCOPE_RUN_DIR: run, NODE_OPTIONS, PATH } = process.env;
  const places = ['environment.json', 'unseen', 'finals/odd.json', 'ledgers/0123456789ab', 'conflicts-1'];
  for (const name of places) put(KIND, run + '/' + name);
  if (require('node:fs').existsSync(run + '/git')) put(KIND, run + '/git/20260101T000000.000000Z-Hodd-P00000001');
  put(KIND, process.cwd() + '/.git');
  const quiet = { encoding: 'utf8', timeout: 60_000 };
  withTask('during', () => {
    // It has lost its variables, and looks for them in the run's folder.
    console.log(execFileSync(process.execPath, ['-p', '"lost"'], { ...quiet, env: { NODE_OPTIONS, PATH } }).trim());
    // Its preload is hidden, which it notes there.
    const hidden = NODE_OPTIONS.replace(/[\\w+/]+$/, (text) => Buffer.from(Buffer.from(text, 'base64').toString().replace('/preload/', '/prel0ad/')).toString('base64'));
    console.log(execFileSync(process.execPath, ['-p', '"hidden"'], { ...quiet, env: { ...process.env, NODE_OPTIONS: hidden } }).trim());
    execFileSync('git', ['--version'], quiet);
    try { execFileSync('git', ['status'], { ...quiet, stdio: 'ignore' }); } catch {}
    put(KIND, run + '/pid');
    console.log(execFileSync(process.execPath, ['-p', '"rootless"'], quiet).trim());
  });`;
const start = `const { withTask } = require(${api});
  withTask('start', () => require('node:child_process').execFileSync(process.execPath, [__dirname + '/during.cjs'], { stdio: 'inherit' }));`;
const files = { 'start.cjs': start, 'during.cjs': during, 'before.cjs': before, 'put.cjs': put };

const PATIENCE_MS = 300_000;

test.each(['fifo', 'device', 'folder', 'huge'])('%s', async (kind) => {
  const [TMPDIR, XDG_STATE_HOME, XDG_DATA_HOME] = ['tmp', 'state', 'data'].map((name) => freshFolder(name));
  const env = { ...patient, KIND: kind, TMPDIR, XDG_STATE_HOME, XDG_DATA_HOME };
  const start = (args: readonly string[], preload: 'none' | 'require' = 'none'): Promise<ProgramResult> =>
    runProgram({ command: node, args, files, preload, env, timeoutMs: PATIENCE_MS });
  expect(await start(['before.cjs'])).toMatchObject({ code: 0, stderr: '' });
  const told = { code: 0, stdout: 'lost\nhidden\nrootless\n', isTimedOut: false };
  expect(
    await start([commandFile, 'run', '--quiet', '--report', join(freshFolder('report'), 'r.txt'), '--', node, 'start.cjs']),
  ).toMatchObject(told);
  expect(await runProgram({ file: 'start.cjs', files, env, timeoutMs: PATIENCE_MS })).toMatchObject({ ...told, stderr: '' });
  for (const command of ['runs', 'report', 'doctor']) {
    const result = await start([commandFile, command]);
    expect({ command, isTimedOut: result.isTimedOut, said: result.stdout + result.stderr }).toEqual({
      command,
      isTimedOut: false,
      said: expect.stringMatching(
        { runs: /odd .*unreadable: store_(?:odd|corrupt)/, report: /start/, doctor: /Findings/ }[command] as RegExp,
      ) as unknown,
    });
  }
});
