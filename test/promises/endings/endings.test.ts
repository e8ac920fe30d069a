/**
 * However a program ends, on each Node: what it had just recorded arrives once, and nobody can tell its end from that
 * of a bare run.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { NODE_VERSIONS, nodeBinary } from '../../../tools/node-versions.ts';
import { startProgram, startSink, type ProgramResult, type RunningProgram } from '../../harness/index.ts';
import { endpointOf } from '../../e2e/programs.ts';
import { expectWhole, LIMIT_MS, PATIENT_MS, recording, seen, unhurried } from './program.ts';

const FETCH_MS = 10 * 60_000;

interface Ending {
  readonly name: string;
  readonly code: string;
  /** Sent when the program says that it is ready; again and again with `times`. */
  readonly kill?: NodeJS.Signals;
  readonly tasks?: number;
}

/** On every Node. */
const core: Ending[] = [
  { name: 'returns', code: '' },
  { name: 'sets process.exitCode', code: 'process.exitCode = 4;' },
  { name: 'calls process.exit()', code: 'process.exit(3); say("AFTER");' },
  { name: 'calls process.reallyExit()', code: 'process.reallyExit(5); say("AFTER");' },
  { name: 'throws', code: 'throw new TypeError("on purpose");' },
  { name: 'rejects', code: 'Promise.reject(new TypeError("on purpose"));' },
  { name: 'sends itself SIGTERM', code: 'killed("SIGTERM");' },
  { name: 'sends itself SIGKILL', code: 'killed("SIGKILL");' },
  { name: 'is sent SIGTERM', code: 'ready();', kill: 'SIGTERM' },
  { name: 'is sent SIGINT', code: 'ready();', kill: 'SIGINT' },
  { name: 'is sent SIGHUP', code: 'ready();', kill: 'SIGHUP' },
  { name: 'is sent SIGUSR2', code: 'ready();', kill: 'SIGUSR2' },
  {
    name: 'becomes another program',
    code: 'process.execve("/bin/sh", ["sh", "-c", "echo $0 $A"], { A: "b" }); say("AFTER");',
  },
  {
    name: 'exits in its own SIGTERM handler, which asks who listens',
    code: 'process.once("SIGTERM", () => { say("mine " + process.listenerCount("SIGTERM")); process.exit(9); }); ready();',
    kill: 'SIGTERM',
  },
  {
    name: 'raises SIGINT again in a handler that was used once',
    code: 'process.once("SIGINT", () => { say("mine"); process.kill(process.pid, "SIGINT"); say("AFTER"); }); ready();',
    kill: 'SIGINT',
  },
];

/** On the Node of the house: where in the program the end comes from, and what stands in its way. */
const more: Ending[] = [
  { name: 'exits in nextTick', code: 'process.nextTick(() => process.exit(3)); hold();' },
  { name: 'exits in a promise', code: 'Promise.resolve().then(() => process.exit(3)); hold();' },
  { name: 'exits in setImmediate', code: 'setImmediate(() => process.exit(3)); hold();' },
  { name: 'exits in a timer', code: 'setTimeout(() => process.exit(3), 1); hold();' },
  { name: 'exits in a beforeExit handler', code: 'process.on("beforeExit", () => process.exit(6));' },
  { name: 'exits in an exit handler', code: 'process.on("exit", () => process.exit(6));' },
  { name: 'changes its code in an exit handler', code: 'process.on("exit", (code) => { process.exitCode = code + 5; });' },
  { name: 'throws in an exit handler', code: 'process.on("exit", () => { throw new Error("late"); });' },
  { name: 'records in an exit handler and returns', code: 'process.on("exit", () => record(1000, 10));', tasks: 1_010 },
  { name: 'records in an exit handler and exits', code: 'process.on("exit", () => record(1000, 10)); process.exit(2);', tasks: 1_010 },
  {
    name: 'exits in an uncaughtException handler',
    code: 'process.on("uncaughtException", (error) => { say(error.message); process.exit(7); }); throw new Error("caught");',
  },
  {
    name: 'watches its uncaught exception',
    code: 'process.on("uncaughtExceptionMonitor", () => say("seen")); throw new Error("on purpose");',
  },
  {
    name: 'is given work again in beforeExit',
    code: 'let again = 3; process.on("beforeExit", () => { say("again"); if (again-- > 0) setImmediate(() => {}); });',
  },
  { name: 'sends itself SIGINT', code: 'killed("SIGINT");' },
  { name: 'sends itself SIGSEGV', code: 'killed("SIGSEGV");' },
  { name: 'sends itself SIGQUIT', code: 'killed("SIGQUIT");' },
  { name: 'kills its own process group', code: 'hold(); process.kill(-process.pid, "SIGTERM"); say("AFTER");' },
  { name: 'sends itself a number', code: 'killed(15);' },
  { name: 'asks whether it lives, then returns', code: 'say(process.kill(process.pid, 0)); say(process.kill(process.pid, "SIGWINCH"));' },
  { name: 'has a handler from before us', code: 'hold(); say("ready");', kill: 'SIGTERM' },
  {
    name: 'adds a handler and takes it away',
    code: 'const own = () => {}; process.on("SIGTERM", own); process.off("SIGTERM", own); ready();',
    kill: 'SIGTERM',
  },
  {
    name: 'takes all handlers away',
    code: 'process.on("SIGINT", () => {}); process.removeAllListeners("SIGINT"); ready();',
    kill: 'SIGINT',
  },
  {
    name: 'keeps its handler and hears the signal twice',
    code: 'let times = 0; process.on("SIGINT", () => { say("mine"); if (++times === 2) process.exit(9); else process.kill(process.pid, "SIGINT"); }); ready();',
    kill: 'SIGINT',
  },
  {
    name: 'hears its signal asynchronously, then exits',
    code: 'process.once("SIGTERM", () => setTimeout(() => process.exit(9), 20)); ready();',
    kill: 'SIGTERM',
  },
  {
    name: 'replaces process.emit and process.kill before it is killed',
    code: 'const emit = process.emit; process.emit = function (...args) { return emit.apply(this, args); }; process.kill = () => say("AFTER"); ready();',
    kill: 'SIGTERM',
  },
  {
    name: 'lists what it listens to',
    code: 'say(process.eventNames().filter((name) => /^SIG/.test(String(name))).join()); say(Object.keys(process).join());',
  },
];

interface Both {
  readonly bare: ProgramResult;
  readonly loaded: ProgramResult;
  readonly home: string;
}

async function bothWays({ node, ending, env }: { node: string; ending: Ending; env: Record<string, string> }): Promise<Both> {
  const before = ending.name === 'has a handler from before us' ? 'process.on("SIGTERM", () => process.exit(8));' : '';
  const files = { 'app.cjs': `${before}${recording}record(0, 1000);\nwithAgent('open', () => new Promise(() => {}));\n${ending.code}\n` };
  const end = (program: RunningProgram): Promise<ProgramResult> => {
    const { kill } = ending;
    if (kill !== undefined)
      void program.printed(/ready/).then(
        () => program.child.kill(kill),
        () => undefined,
      );
    return program.finished;
  };
  const program = startProgram({ node, files, timeoutMs: LIMIT_MS, env: { SWARMSCOPE_SPAN_STARTS: 'true', ...unhurried, ...env } });
  const [bare, loaded] = await Promise.all([end(startProgram({ node, files, preload: 'none', timeoutMs: LIMIT_MS })), end(program)]);
  return { bare, loaded, home: program.home };
}

async function check(node: string, ending: Ending): Promise<void> {
  const sink = await startSink();
  const { bare, loaded, home } = await bothWays({ node, ending, env: endpointOf(sink) });
  await sink.close();
  expect(seen(loaded)).toEqual(seen(bare));
  expect(bare.isTimedOut).toBe(false);
  expect(bare.stdout).not.toContain('HELD');
  expectWhole(sink, { count: ending.tasks, home });
}

describe.each(NODE_VERSIONS)('on Node %s a program that has just recorded 1,000 tasks', (version) => {
  let node: string;
  beforeAll(() => {
    node = nodeBinary(version);
  }, FETCH_MS);
  test.concurrent.each(core)('$name', async (ending) => check(nodeBinary(version), ending), PATIENT_MS);
  test('ran on that Node', () => expect(node).toContain(version));
});

describe('a program that has just recorded 1,000 tasks', () => {
  test.concurrent.each(more)('$name', async (ending) => check(process.execPath, ending), PATIENT_MS);
});
