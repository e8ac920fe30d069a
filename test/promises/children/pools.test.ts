/** Pools of threads, which end their threads by `terminate()` as soon as a result is there: no call is lost with them. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { installLibraries } from './libraries/install.ts';
import { FETCH_MINUTES, observe, patient } from './support.ts';
import { startModels } from '../../harness/index.ts';

const app = `
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
const require = createRequire(process.env.LIBRARIES);
const { Piscina } = require('piscina');
const { Tinypool } = await import(pathToFileURL(require.resolve('tinypool')));
const filename = new URL('./ask.mjs', import.meta.url).href;
const three = (pool) => Promise.all([1, 2, 3].map((at) => pool.run(at)));
const pools = {
  async 'piscina without spare threads'() {
    const pool = new Piscina({ filename, minThreads: 0, maxThreads: 3, idleTimeout: 0 });
    const answers = await three(pool);
    await pool.destroy();
    return answers;
  },
  async 'piscina, closed'() {
    const pool = new Piscina({ filename, maxThreads: 1, env: {}, workerData: process.env.OPENAI_BASE_URL });
    const answers = three(pool);
    await pool.close();
    return answers;
  },
  async 'tinypool, a thread for each task'() {
    const pool = new Tinypool({ filename, isolateWorkers: true, maxThreads: 2, execArgv: [] });
    const answers = await three(pool);
    await pool.destroy();
    return answers;
  },
};
for (const [name, use] of Object.entries(pools)) console.log(name, JSON.stringify(await use()));
`;
const ask = `
import { workerData } from 'node:worker_threads';
export default async () => {
  const base = process.env.OPENAI_BASE_URL ?? [workerData].flat(3).find((each) => typeof each === 'string');
  const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'ping' }] });
  const answer = await fetch(base + '/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return (await answer.json()).choices[0].message.content;
};
`;

test(
  'each call that a thread of piscina or tinypool made is there, once and ended',
  async () => {
    const models = await startModels();
    const env = { ...patient, ...models.env, LIBRARIES: join(installLibraries(), 'none.js') };
    const { spans, stdout, stderr, code } = await observe('under swarmscope run', { files: { 'app.mjs': app, 'ask.mjs': ask }, env });
    await models.close();
    const answers = '["pong","pong","pong"]';
    const expected = ['piscina without spare threads', 'piscina, closed', 'tinypool, a thread for each task'].map(
      (name) => `${name} ${answers}\n`,
    );
    expect({ stdout, code }).toEqual({ stdout: expected.join(''), code: 0 });
    // A request that was on the wire when its thread was ended is sent again, with the same ids.
    const calls = new Map(spans.filter(({ name }) => name.startsWith('chat')).map((span) => [span.spanId, span]));
    expect([...calls.values()].map(({ attributes }) => [attributes['gen_ai.usage.output_tokens'], attributes['error.type']])).toEqual(
      Array(9).fill([1, undefined]),
    );
    // How often, and how often it failed.
    expect(stderr).toMatch(/^ {2}LLM +9 +- /m);
  },
  FETCH_MINUTES,
);
