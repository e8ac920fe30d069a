/** Threads that are given an environment, flags or code of their own: each is seen, and reads what it was given. */
import { expect, test } from '@jest/globals';
import { api, FETCH_MINUTES, NODE_VERSIONS, nodeBinary, patient } from './support.ts';
import { expectSame, startSink } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';

/** Options of a thread, as JavaScript. */
const forms: Readonly<Record<string, string>> = {
  nothing: '{}',
  'no environment': '{ env: {} }',
  'a copy of the environment': '{ env: { ...process.env, OWN: "copied" } }',
  'NODE_OPTIONS of its own': '{ env: { NODE_OPTIONS: "--no-warnings" } }',
  'no flags': '{ execArgv: [] }',
  'flags of its own': '{ env: { OWN: "own" }, execArgv: ["--no-warnings"] }',
  'the environment of its parent': '{ env: SHARE_ENV, execArgv: [] }',
  'flags that Node refuses': '{ execArgv: ["--expose-gc"] }',
};

const app = `
import { Worker, SHARE_ENV } from 'node:worker_threads';
import * as all from 'worker_threads';
import { createRequire } from 'node:module';
class Own extends Worker {}
console.log(Worker === all.Worker, Worker === createRequire(import.meta.url)('worker_threads').Worker, Worker.name, Worker.length);
const text = 'require(process.argv[2])';
const forms = { ${Object.entries(forms)
  .map(([name, options]) => `${JSON.stringify(name)}: ${options}`)
  .join(', ')} };
const tell = (name, worker) => new Promise((resolve) => {
  worker.on('message', (told) => console.log(name, JSON.stringify(told)));
  worker.on('error', (error) => console.log(name, error.message));
  worker.on('exit', resolve);
});
for (const [name, options] of Object.entries(forms)) {
  const file = new URL('./thread.cjs', import.meta.url);
  for (const [how, start] of Object.entries({
    file: () => new Worker(file, { ...options, argv: [name] }),
    text: () => new Own(text, { ...options, eval: true, argv: [file.pathname, name + ', as text'] }),
  })) {
    try {
      const worker = start();
      if (how === 'file') console.log(worker instanceof Worker, worker.constructor === Worker);
      else console.log(worker instanceof Own, worker instanceof Worker, worker.constructor === Own);
      await tell(name + ' ' + how, worker);
    } catch (error) {
      console.log(name, how, error.code, error.message);
    }
  }
}
`;

/** What a thread can see of how it was started. A variable that it inherits is as it was before. */
const thread = `
const { parentPort } = require('node:worker_threads');
const { withTask } = require(${api});
withTask('in ' + process.argv.at(-1), () => undefined);
const ours = /^(SWARMSCOPE_|TRACEPARENT|NODE_OPTIONS$)/;
const names = Object.keys(process.env).filter((name) => !ours.test(name) && !name.startsWith('OTEL_')).sort();
parentPort.postMessage({ execArgv: process.execArgv.filter((word) => !word.includes('register')), own: process.env.OWN, names, options: (process.env.NODE_OPTIONS ?? '').replace(/^--require "[^"]*dist.register.cjs"$/, '') });
`;

/** Every Node, and both ways in which a program may come by the preload: the house's Node is without a number. */
const ways = [...NODE_VERSIONS.map((version) => [version, 'NODE_OPTIONS'] as const), [undefined, 'import'] as const];

test.each(ways)(
  'on Node %s every thread of a program that is preloaded by %s is seen, whatever it is given, and changed in nothing',
  async (version, preload) => {
    const sink = await startSink();
    await expectSame({
      ...(version === undefined ? {} : { node: nodeBinary(version) }),
      files: { 'app.mjs': app, 'thread.cjs': thread },
      preload,
      env: { ...patient, NODE_NO_WARNINGS: '1' },
      loadedEnv: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
      // What threads inherit of the flag by which the program was preloaded.
      normalise: (output) => output.replaceAll('"--import"', '').replaceAll('[,', '['),
    });
    await sink.close();
    const expected = Object.keys(forms)
      .filter((name) => name !== 'flags that Node refuses')
      .flatMap((name) => [`run_task in ${name}`, `run_task in ${name}, as text`]);
    expect(
      spansOf(sink)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(expected.sort());
  },
  FETCH_MINUTES,
);
