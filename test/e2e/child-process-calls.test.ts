/** Odd and wrong calls of node:child_process come out as they did without us. */
import { expect, test } from '@jest/globals';
import { runProgram } from '../harness/index.ts';
import { observe } from './programs.ts';

const forms = 'spawn, exec, execFile, fork, spawnSync, execSync, execFileSync';

/** Calls as nobody should make them, and forms that few know: what comes of each must be what came of it before. */
const oddCalls = [
  `spawnSync()`,
  `spawnSync(null)`,
  `spawnSync('echo', 'no array')`,
  `spawnSync('echo', ['a'], null)`,
  `spawnSync('echo', undefined, { encoding: 'utf8' }).stdout`,
  `spawnSync('echo', null, { encoding: 'utf8' }).stdout`,
  `spawnSync('echo hi', { shell: true, encoding: 'utf8' }).stdout`,
  `spawnSync('echo', [1, true], { encoding: 'utf8' }).stdout`,
  `spawnSync('sh', ['-c', 'echo $A$B$C'], { env: { A: 'a', B: undefined, __proto__: { C: 'c' } }, encoding: 'utf8' }).stdout`,
  `spawnSync('sh', ['-c', 'echo "$A"'], { env: { A: 7 }, encoding: 'utf8' }).stdout`,
  `spawnSync('sh', ['-c', 'echo $0'], { argv0: 'other', encoding: 'utf8' }).stdout`,
  `spawnSync('pwd', { cwd: new URL('file:///'), encoding: 'utf8' }).stdout`,
  `spawnSync('pwd', { cwd: '/no/such/folder' }).error.code`,
  `spawnSync('cat', { input: 'typed', encoding: 'utf8' }).stdout`,
  `spawnSync('echo', ['a'], { env: 'text' })`,
  `execSync()`,
  `execSync('exit 0').length`,
  `execSync('echo $0', { shell: '/bin/bash', encoding: 'utf8' })`,
  `execFileSync('echo', { encoding: 'utf8' })`,
  `execFileSync('sh', ['-c', 'echo err >&2; exit 4'], { stdio: 'pipe' })`,
  `spawn()`,
  `spawn('')`,
  `spawn('echo', ['a\0b'])`,
  `await new Promise((resolve) => exec('echo hi', resolve)) ?? 'no error'`,
  `(await promisify(exec)('echo hi')).stdout`,
  `(await promisify(execFile)('echo', ['hi'])).stdout`,
  `await promisify(exec)('exit 3').catch(({ code, cmd }) => code + cmd)`,
  `await new Promise((resolve) => execFile('sleep', ['20'], { signal: AbortSignal.timeout(30) }, (error) => resolve(error.name)))`,
  `await new Promise((resolve) => spawn('sleep', ['20'], { timeout: 30 }).on('exit', (code, signal) => resolve(signal)))`,
  `await new Promise((resolve) => fork('child.cjs', { execArgv: ['--no-warnings'], serialization: 'advanced' }).on('message', (map) => resolve(map.get('k'))))`,
  `Object.keys(require('node:child_process')).join()`,
  `[exec, execFile, fork, spawn, spawnSync, execSync, execFileSync].map((fn) => fn.name + fn.length).join()`,
  `[exec, execSync, spawnSync].map((fn) => 'prototype' in fn).join()`,
];

test.each(['CommonJS', 'ES module'])('odd calls in a program in %s come out as they did', async (language) => {
  const imports =
    language === 'CommonJS'
      ? `const { ${forms} } = require('node:child_process'); const { promisify } = require('node:util');`
      : `import { createRequire } from 'node:module'; import { ${forms} } from 'node:child_process'; import { promisify } from 'node:util'; const require = createRequire(import.meta.url);`;
  const calls = oddCalls.map((call) => `async () => ${call}`).join(',\n');
  const program = `${imports}
    const show = (value) => (typeof value === 'object' && value !== null ? 'object ' + Object.keys(value).join() : String(value));
    const calls = [${calls}];
    (async () => {
      for (const call of calls) console.log(String(call).slice(12), '->', await call().then(show, (error) => error.name + ' ' + error.code + ' ' + error.message.split('\\n')[0]));
    })();`;
  const files = { [language === 'CommonJS' ? 'app.cjs' : 'app.mjs']: program, 'child.cjs': `process.send(new Map([['k', 'v']]))` };
  const [bare, seen] = await Promise.all([runProgram({ files, preload: 'none' }), observe('with the preload alone', { files })]);
  expect(bare.stdout.split(' -> ')).toHaveLength(oddCalls.length + 1);
  expect(seen.stdout.split('\n')).toEqual(bare.stdout.split('\n'));
  expect({ code: seen.code, stderr: seen.stderr }).toEqual({ code: bare.code, stderr: bare.stderr });
});
