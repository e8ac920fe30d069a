/**
 * An endpoint in trouble, a crash, a signal while the event loop stands still: the end stays the app's, what is lost is
 * bounded and on record.
 */
import { expect, test } from '@jest/globals';
import {
  commandFile,
  outsideTrace,
  runProgram,
  startProgram,
  startSink,
  type ProgramResult,
  type SinkBehaviour,
} from '../../harness/index.ts';
import { openSpansOf } from '../../harness/received.ts';
import { startReceiver, type Reply } from '../../sdk/receiver.ts';
import { endpointOf } from '../../e2e/programs.ts';
import { expectOnce, idsOf, LIMIT_MS, PATIENT_MS, recording, seen, statusesOf, tell, unhurried } from './program.ts';

const brief = { SWARMSCOPE_EXIT_TIMEOUT: '400' };
const answering = (status: number, headers: Record<string, string> = {}): SinkBehaviour => ({ status, headers });

const ends: Record<string, string> = {
  return: '',
  exit: 'process.exit(3);',
  SIGTERM: 'killed("SIGTERM");',
  throw: 'throw new TypeError("on purpose");',
};

const troubles: { name: string; behaviour: SinkBehaviour; reason: RegExp }[] = [
  { name: 'refuses', behaviour: 'refuse', reason: /^ECONNREFUSED$/ },
  { name: 'hangs', behaviour: 'hang', reason: /^exit_timeout$/ },
  { name: 'answers 429 and asks for a minute', behaviour: answering(429, { 'retry-after': '60' }), reason: /^(?:http_429|exit_timeout)$/ },
  { name: 'answers 503 and asks for nothing', behaviour: answering(503), reason: /^(?:http_503|exit_timeout)$/ },
];

test.each(troubles.flatMap((trouble, index) => Object.keys(ends).map((ending) => ({ ...trouble, ending, isSpooled: index % 2 === 0 }))))(
  'an endpoint that $name does not change how a program ends by $ending, and each task is on disk or counted as lost (spool: $isSpooled)',
  async ({ behaviour, reason, ending, isSpooled }) => {
    const sink = await startSink(behaviour);
    const files = { 'app.cjs': `${recording}\nrecord(0, 1000);\n${ends[ending] ?? ''}` };
    const env = { ...endpointOf(sink), ...brief, ...outsideTrace, ...(isSpooled ? {} : { SWARMSCOPE_SPOOL_MAX_BYTES: '0' }) };
    const program = startProgram({ files, env, timeoutMs: LIMIT_MS });
    const [bare, loaded] = await Promise.all([runProgram({ files, preload: 'none', timeoutMs: LIMIT_MS }), program.finished]);
    await sink.close();
    expect(seen(loaded)).toEqual(seen(bare));
    const [status] = statusesOf(`${program.home}/.local/state`);
    const { recorded, sent, dropped, spooled = 0 } = status?.signals.traces ?? { recorded: 0, sent: 0, dropped: {} };
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    expect({ recorded, sent, waitOrLost: isSpooled ? spooled : lost }).toEqual({ recorded: 1_000, sent: 0, waitOrLost: 1_000 });
    expect(status?.isEnded).toBe(true);
    for (const key of Object.keys(dropped)) expect(key).toMatch(reason);
    const doctor = await runProgram({
      command: process.execPath,
      args: [commandFile, 'doctor'],
      preload: 'none',
      env: { XDG_STATE_HOME: `${program.home}/.local/state` },
    });
    expect(doctor.stdout).toMatch(isSpooled ? /1000 traces were kept on disk/ : /1000 traces lost on the way to http/);
  },
  PATIENT_MS,
);

test(
  'a request that is under way when the program exits is waited for and not sent a second time',
  async () => {
    const slow: Reply = (response, { path }) => void setTimeout(() => response.end(), path === '/v1/traces' ? 300 : 0);
    const receiver = await startReceiver(slow);
    const files = { 'app.cjs': `${recording}\nrecord(0, 50); hold(); told(() => process.exit(3));` };
    const program = startProgram({ files, env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...unhurried }, timeoutMs: LIMIT_MS });
    await receiver.until((requests) => requests.some(({ path }) => path === '/v1/traces'));
    tell(program);
    expect((await program.finished).code).toBe(3);
    await receiver.close();
    expect(receiver.requests.filter(({ path }) => path === '/v1/traces')).toHaveLength(1);
    expect(statusesOf(`${program.home}/.local/state`)[0]?.signals.traces).toMatchObject({ recorded: 50, sent: 50, dropped: {} });
  },
  PATIENT_MS,
);

const crashes: { name: string; code: string; kill?: NodeJS.Signals; nodeArgs?: string[] }[] = [
  { name: 'SIGKILL', code: 'hold();', kill: 'SIGKILL' },
  { name: 'SIGSEGV from outside', code: 'hold();', kill: 'SIGSEGV' },
  { name: 'SIGQUIT', code: 'hold();', kill: 'SIGQUIT' },
  { name: 'process.abort()', code: 'hold(); told(() => process.abort());' },
  {
    name: 'running out of memory',
    code: 'hold(); told(() => { const all = []; for (;;) all.push(new Array(10_000).fill(all.length + 0.5)); });',
    nodeArgs: ['--max-old-space-size=40'],
  },
];

test.each(crashes)(
  'a crash by $name loses nothing older than the flush interval, and what still ran is known from its start record',
  async ({ code, kill, nodeArgs = [] }) => {
    const sink = await startSink();
    const files = { 'app.cjs': `${recording}\nrecord(0, 1000); withAgent('open', () => new Promise(() => {})); say('ready'); ${code}` };
    const options = { files, nodeArgs, timeoutMs: LIMIT_MS };
    const end = async (isBare: boolean): Promise<ProgramResult> => {
      const program = startProgram(
        isBare ? { ...options, preload: 'none' } : { ...options, env: { ...endpointOf(sink), SWARMSCOPE_SPAN_STARTS: 'true' } },
      );
      await (isBare ? program.printed(/ready/) : sink.arrived(() => idsOf(sink).length >= 1_000 && openSpansOf(sink).length > 0, LIMIT_MS));
      if (kill === undefined) tell(program);
      else program.child.kill(kill);
      return program.finished;
    };
    const [bare, loaded] = await Promise.all([end(true), end(false)]);
    await sink.close();
    expect([loaded.code, loaded.signal, loaded.stdout]).toEqual([bare.code, bare.signal, bare.stdout]);
    expect(loaded.isTimedOut).toBe(false);
    expectOnce(sink);
    expect(openSpansOf(sink)).toEqual([expect.objectContaining({ name: 'invoke_agent open' })]);
  },
  PATIENT_MS,
);

test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])(
  '%s while a synchronous child runs ends the program at once: no error of the child is thrown, and no further line runs',
  async (signal) => {
    const sink = await startSink();
    const wait = 'execFileSync(process.execPath, ["-e", "console.log(1); setTimeout(() => {}, 600000)"], { stdio: "inherit" })';
    const files = {
      'app.cjs': `${recording}\nrecord(0, 10); hold(); told(() => { try { require('node:child_process').${wait}; } catch { say('AFTER'); } say('AFTER'); });`,
    };
    const end = async (isBare: boolean): Promise<ProgramResult> => {
      const program = startProgram({ files, timeoutMs: LIMIT_MS, ...(isBare ? { preload: 'none' as const } : { env: endpointOf(sink) }) });
      if (!isBare) await sink.arrived(() => idsOf(sink).length >= 10, LIMIT_MS);
      tell(program);
      await program.printed(/1/);
      // As a terminal does it: to all in the foreground.
      process.kill(-(program.child.pid ?? 0), signal);
      return program.finished;
    };
    const [bare, loaded] = await Promise.all([end(true), end(false)]);
    await sink.close();
    expect(seen(loaded)).toEqual(seen(bare));
    expect(loaded).toMatchObject({ code: null, signal, stdout: '1\n' });
    expectOnce(sink, 10);
  },
  PATIENT_MS,
);

test(
  'a program with a handler that never exits stays alive, and what it records afterwards arrives',
  async () => {
    const sink = await startSink();
    const files = { 'app.cjs': `${recording}\nprocess.on('SIGTERM', () => { say('stays'); record(10, 5); });\nrecord(0, 10); ready();` };
    const program = startProgram({ files, env: endpointOf(sink), timeoutMs: LIMIT_MS });
    await program.printed(/ready/);
    program.child.kill('SIGTERM');
    await sink.arrived(() => idsOf(sink).length === 15, LIMIT_MS);
    expect(program.child.exitCode ?? program.child.signalCode).toBeNull();
    program.child.kill('SIGKILL');
    expect((await program.finished).stdout).toBe('ready\nstays\n');
    await sink.close();
  },
  PATIENT_MS,
);
