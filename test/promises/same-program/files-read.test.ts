// A program in which nothing is worth recording pays for two files: the one that decides, and the one that listens.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dist, ensureBuilt, preloadFile, runProgram, startSink, type ProgramOptions } from '../../harness/index.ts';

ensureBuilt();
const telling = join(import.meta.dirname, 'programs/tell-reads.cjs');
const LISTENING = ['register.cjs', 'arming.cjs'];

/** `flag` is that of the preload. What tells comes before it. */
async function filesReadBy(options: ProgramOptions, flag: '--require' | '--import' = '--require'): Promise<string[]> {
  const { stdout, stderr, code } = await runProgram({
    ...options,
    preload: 'none',
    nodeArgs: ['--require', telling, flag, preloadFile],
    env: { TOLD_FOLDER: dist, ...options.env },
  });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout) as string[];
}

const server = `
const server = require('node:http').createServer((request, response) => request.resume().on('end', () => response.end('{}')));
server.listen(0, '127.0.0.1', () => run('http://127.0.0.1:' + server.address().port).finally(() => server.close()));
`;

test.each([
  ['an empty program', { 'app.cjs': '' }],
  ['an empty module', { 'app.mjs': '' }],
  ['a program that asks a server which is no LLM service', { 'app.cjs': `${server} const run = (url) => fetch(url + '/health');` }],
  ['a module that loads half of Node', { 'app.mjs': "import 'node:http2'; import 'node:child_process'; import 'node:worker_threads';" }],
])('%s reads two files of ours', async (_, files) => {
  expect(await filesReadBy({ files }, '--require')).toEqual(LISTENING);
  // What Node imports by itself it reads by a function that nobody can stand in for.
  expect(await filesReadBy({ files }, '--import')).toEqual(LISTENING.slice(1));
});

test('a program that makes an LLM call reads more, so the checks above can fail', async () => {
  const sink = await startSink();
  const call = 'fetch(url + \'/v1/chat/completions\', { method: \'POST\', body: \'{"model":"m","messages":[]}\' })';
  const read = await filesReadBy({
    files: { 'app.cjs': `${server} const run = (url) => ${call};` },
    env: { SWARMSCOPE_ENDPOINT: sink.url },
  });
  expect(read).toEqual(expect.arrayContaining([...LISTENING, 'observers.cjs', 'recorder.cjs', 'assembly.cjs']));
});
