/** Endings away from the main thread of an ordinary process: threads, children, PID 1, a terminal that is closed. */
import { expect, test } from '@jest/globals';
import { outsideTrace, preloadFile, runProgram, startProgram, startSink, testWith, type ProgramResult } from '../../harness/index.ts';
import { metricPointsOf, openSpansOf, spansOf } from '../../harness/received.ts';
import { countOf, endpointOf, totalOf } from '../../e2e/programs.ts';
import { expectOnce, idsOf, LIMIT_MS, PATIENT_MS, recording, seen, unhurried } from './program.ts';

type Files = Readonly<Record<string, string>>;

async function bothWays(files: Files, env: Record<string, string>): Promise<{ bare: ProgramResult; loaded: ProgramResult }> {
  const [bare, loaded] = await Promise.all([
    runProgram({ files, preload: 'none', timeoutMs: LIMIT_MS }),
    runProgram({ files, env: { ...unhurried, ...env }, timeoutMs: LIMIT_MS }),
  ]);
  return { bare, loaded };
}

const main = `
const { Worker } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const say = (text) => writeSync(1, text + '\\n');
const worker = new Worker(require('node:path').join(__dirname, 'worker.cjs'));
worker.on('message', (message) => say('message ' + message));
worker.on('exit', (code) => say('exit ' + code));
`;

test.each([
  { name: 'returns', code: '' },
  { name: 'calls process.exit()', code: 'process.exit(5); say("AFTER");' },
  { name: 'exits in a promise', code: 'setTimeout(() => {}, 600000); Promise.resolve().then(() => process.exit(5));' },
  { name: 'throws', code: 'throw new TypeError("on purpose");' },
  { name: 'rejects', code: 'Promise.reject(new TypeError("on purpose"));' },
  { name: 'kills the process', code: 'setTimeout(() => {}, 600000); process.kill(process.pid, "SIGTERM");' },
])(
  'a thread that has just recorded 1,000 tasks and $name has delivered them, and the process ends as without the preload',
  async ({ code }) => {
    const sink = await startSink();
    const { bare, loaded } = await bothWays({ 'app.cjs': main, 'worker.cjs': `${recording}\nrecord(0, 1000);\n${code}` }, endpointOf(sink));
    await sink.close();
    // The error of a thread ends the main thread, before or after that hears of its exit.
    const told = (result: ProgramResult): unknown => seen({ ...result, stdout: result.stdout.replace(/^exit 1\n/m, '') });
    expect(told(loaded)).toEqual(told(bare));
    expectOnce(sink);
  },
  PATIENT_MS,
);

/** Each records 100 tasks, and an agent that never ends; then it says so and works on without another turn of its loop. */
const working = `${recording}
const { parentPort, workerData } = require('node:worker_threads');
record(workerData.from, 100);
withAgent('open', () => new Promise(() => {}));
`;
const endless = 'for (;;) ;';
/** Nothing leaves a thread by itself before it is ended, however slow the machine. */
const unsent = { OTEL_BSP_SCHEDULE_DELAY: '600000', SWARMSCOPE_SPAN_STARTS: 'true' };

/** How threads are ended without notice; `start` begins one whose first task has this number. */
const abrupt: { readonly name: string; readonly files: Files; readonly threads: number }[] = [
  {
    name: 'terminated when their result is there, by the main thread or with the thread that made them',
    threads: 3,
    files: {
      'app.cjs': `
const { Worker } = require('node:worker_threads');
const start = async (file, from) => {
  const worker = new Worker(__dirname + '/' + file, { workerData: { from } });
  await new Promise((resolve) => worker.once('message', resolve));
  console.log(file, await worker.terminate(), worker.listenerCount('exit'));
};
(async () => { await start('worker.cjs', 0); await start('worker.cjs', 100); await start('outer.cjs', 200); })();
`,
      'worker.cjs': `${working} parentPort.postMessage('done'); ${endless}`,
      'outer.cjs': `
const { Worker, parentPort, workerData } = require('node:worker_threads');
new Worker(__dirname + '/worker.cjs', { workerData }).on('message', (message) => parentPort.postMessage(message));
`,
    },
  },
  {
    name: 'out of memory',
    threads: 1,
    files: {
      'app.cjs': `
const { Worker } = require('node:worker_threads');
const resourceLimits = { maxOldGenerationSizeMb: 32 };
new Worker(__dirname + '/worker.cjs', { workerData: { from: 0 }, resourceLimits }).on('error', ({ code }) => console.log(code));
`,
      'worker.cjs': `${working} const a = []; for (;;) a.push(new Array(1e4).fill(1.5));`,
    },
  },
  {
    name: 'ended with a process whose main thread has only waited for them, and exits',
    threads: 2,
    files: {
      'app.cjs': `
const { Worker } = require('node:worker_threads');
const done = new Int32Array(new SharedArrayBuffer(4));
for (const from of [0, 100]) new Worker(__dirname + '/worker.cjs', { workerData: { from, done } });
while (Atomics.load(done, 0) < 2) Atomics.wait(done, 0, Atomics.load(done, 0), 1000);
process.exit(4);
`,
      'worker.cjs': `${working} Atomics.add(workerData.done, 0, 1); Atomics.notify(workerData.done, 0); ${endless}`,
    },
  },
];

test.each(abrupt)(
  'threads that are $name, have delivered what they recorded, and what they had open ended with them',
  async ({ files, threads }) => {
    const sink = await startSink();
    const { bare, loaded } = await bothWays(files, { ...endpointOf(sink), ...unsent, ...outsideTrace });
    await sink.close();
    // Node tells on stderr what memory looked like.
    const told = ({ code, signal, stdout }: ProgramResult): object => ({ code, signal, stdout });
    expect(told(loaded)).toEqual(told(bare));
    expectOnce(sink, threads * 100);
    const open = spansOf(sink).filter(({ name }) => name === 'invoke_agent open');
    expect(open.map(({ attributes }) => attributes['error.type'])).toEqual(Array(threads).fill('process_exit'));
    expect(openSpansOf(sink)).toEqual([]);
    // Of the run as a whole: no value of a thread is lost, and none is counted twice.
    const points = metricPointsOf(sink);
    expect(countOf(points, 'swarmscope.task.duration')).toBe(threads * 100);
    const signal = { 'swarmscope.telemetry.signal': 'span' };
    const [recorded, exported] = ['recorded', 'exported'].map((fate) => totalOf(points, `swarmscope.telemetry.${fate}`, signal));
    expect({ recorded, exported }).toEqual({ recorded: threads * 101, exported: threads * 101 });
  },
  PATIENT_MS,
);

test(
  'children that each end in another way, under a parent that a signal ends, deliver each task once',
  async () => {
    const sink = await startSink();
    const child = `${recording}
const [from, ending] = process.argv.slice(2);
record(Number(from), 1000);
({ return() {}, exit: () => process.exit(3), SIGTERM: () => killed('SIGTERM'), throw: () => { throw new Error('on purpose'); } })[ending]();
`;
    const parent = `${recording}
const { spawn, spawnSync } = require('node:child_process');
const endings = ['return', 'exit', 'SIGTERM', 'throw'];
const args = (index) => ['child.cjs', String((index + 1) * 1000), endings[index]];
const first = spawnSync(process.execPath, args(0));
const outcomes = [[first.status, first.signal]];
record(0, 1000);
let left = 3;
for (const index of [1, 2, 3]) spawn(process.execPath, args(index), { stdio: 'ignore' }).on('exit', (code, signal) => {
  outcomes[index] = [code, signal];
  if (--left > 0) return;
  say(JSON.stringify(outcomes));
  killed('SIGINT');
});
`;
    const { bare, loaded } = await bothWays({ 'app.cjs': parent, 'child.cjs': child }, endpointOf(sink));
    await sink.close();
    expect(seen(loaded)).toEqual(seen(bare));
    expect(loaded.stdout).toBe('[[0,null],[3,null],[null,"SIGTERM"],[1,null]]\n');
    expectOnce(sink, 5_000);
  },
  PATIENT_MS,
);

testWith(
  'unshare as root',
  'as PID 1 a program ignores a signal without a handler, ends by its own handler otherwise, and what was recorded arrives',
  async () => {
    const sink = await startSink();
    const code = `${recording}
record(0, 1000);
process.kill(process.pid, 'SIGTERM');
process.kill(process.pid, 'SIGINT');
say('alive as ' + process.pid);
process.once('SIGTERM', () => process.exit(9));
hold();
process.kill(process.pid, 'SIGTERM');
`;
    const start = (isBare: boolean): Promise<ProgramResult> =>
      runProgram({
        files: { 'app.cjs': code },
        command: 'unshare',
        args: [
          '--pid',
          '--fork',
          '--mount-proc',
          '--kill-child',
          process.execPath,
          ...(isBare ? [] : ['--require', preloadFile]),
          'app.cjs',
        ],
        preload: 'none',
        env: isBare ? {} : { ...endpointOf(sink), ...unhurried },
        timeoutMs: LIMIT_MS,
      });
    const [bare, loaded] = await Promise.all([start(true), start(false)]);
    await sink.close();
    expect(seen(loaded)).toEqual(seen(bare));
    expect(loaded).toMatchObject({ code: 9, stdout: expect.stringContaining('alive as 1\n') });
    expectOnce(sink);
  },
  PATIENT_MS,
);

testWith(
  'script',
  'no task is lost when the terminal is closed, which sends SIGHUP and ends all output',
  async () => {
    const sink = await startSink();
    const program = startProgram({
      files: { 'app.cjs': `${recording}\nrecord(0, 1000); ready();` },
      command: 'script',
      args: ['-qefc', `${process.execPath} --require ${preloadFile} app.cjs`, '/dev/null'],
      preload: 'none',
      // Long, so that the end and not the flush delivers.
      env: { ...endpointOf(sink), ...unhurried, OTEL_BSP_SCHEDULE_DELAY: '600000' },
      timeoutMs: LIMIT_MS,
    });
    await program.printed(/ready/);
    program.child.kill('SIGKILL');
    await program.finished;
    await sink.arrived(() => idsOf(sink).length >= 1_000, LIMIT_MS);
    await sink.close();
    expectOnce(sink);
  },
  PATIENT_MS,
);
