/**
 * What an outage held back waits on disk, bounded and private, and reaches the endpoint once, whichever process comes
 * first.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  commandFile,
  freshFolder,
  runProgram,
  startProgram,
  startSink,
  type ProgramResult,
  type RunningProgram,
  type Sink,
} from '../../harness/index.ts';
import { startReceiver, type Received } from '../../sdk/receiver.ts';
import { endpointOf } from '../../e2e/programs.ts';
import { expectOnce, idsOf, LIMIT_MS, PATIENT_MS, recording, statusesOf, tell, unhurried } from './program.ts';

/** Records argv[2] tasks from number argv[3] on, and ends as argv[4] says. */
const sender = {
  'app.cjs': `${recording}
const [count, from, ending] = process.argv.slice(2);
record(Number(from), Number(count));
({ return() {}, exit: () => process.exit(0), kill: () => killed('SIGTERM'), wait: () => { ready(); told(() => process.exit(0)); } })[ending]();
`,
};

interface Started {
  readonly count: number;
  readonly from?: number;
  readonly ending: 'return' | 'exit' | 'kill' | 'wait';
  /** State folder, shared by processes of one user. */
  readonly state: string;
  readonly env: Record<string, string>;
}

function start({ count, from = 0, ending, state, env }: Started): RunningProgram {
  return startProgram({
    files: sender,
    args: [String(count), String(from), ending],
    env: { XDG_STATE_HOME: state, ...unhurried, ...env },
    timeoutMs: LIMIT_MS,
  });
}

/** To its end, which is never different for what the endpoint does. */
async function run(started: Started): Promise<void> {
  const result = await start(started).finished;
  const end = started.ending === 'kill' ? { code: null, signal: 'SIGTERM' } : { code: 0, signal: null };
  expect(result).toMatchObject({ ...end, stderr: '', isTimedOut: false });
}

/** Paths of all that waits. */
function spooled(state: string): string[] {
  const root = join(state, 'swarmscope/spool');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, name))
    .filter((path) => /\.otlp/.test(path));
}

/** A process that reaches the endpoint and stays until `count` tasks are there. */
async function deliver(
  sink: Sink,
  { state, count, env = endpointOf(sink) }: { state: string; count: number; env?: Record<string, string> },
): Promise<void> {
  const program = start({ count: 1, from: 1_000_000, ending: 'wait', state, env });
  await sink.arrived(() => idsOf(sink).length >= count + 1, LIMIT_MS);
  tell(program);
  await program.finished;
}

test(
  '10,000 tasks of five processes that met a closed port, each ending in its own way, arrive once when it opens',
  async () => {
    const sink = await startSink('refuse');
    const state = freshFolder('state');
    const endings = ['return', 'exit', 'kill', 'return', 'exit'] as const;
    await Promise.all(endings.map((ending, index) => run({ count: 2_000, from: index * 2_000, ending, state, env: endpointOf(sink) })));
    expect(sink.requests).toEqual([]);
    const files = spooled(state);
    expect(files.length).toBeGreaterThanOrEqual(5);
    for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(state, 'swarmscope/spool')).mode & 0o777).toBe(0o700);
    const { stdout } = await runProgram({
      command: process.execPath,
      args: [commandFile, 'doctor'],
      preload: 'none',
      env: { XDG_STATE_HOME: state },
    });
    expect(stdout).toMatch(
      /10000 spans and logs \(\d+\.\d MiB\) wait on disk for an endpoint that could not be reached, the oldest for \d+ seconds/,
    );
    expect(stdout).toMatch(/2000 traces were kept on disk: http:\S+ could not be reached \(ECONNREFUSED\)/);
    await sink.behave('accept');
    await deliver(sink, { state, count: 10_000 });
    await sink.close();
    expectOnce(sink, 10_001);
    expect(spooled(state)).toEqual([]);
  },
  PATIENT_MS,
);

test(
  'two processes that start at the same time send each spool file once',
  async () => {
    const sink = await startSink('refuse');
    const state = freshFolder('state');
    for (const from of [0, 1])
      await Promise.all(
        [0, 2, 4].map((more) => run({ count: 100, from: (from + more) * 100, ending: 'exit', state, env: endpointOf(sink) })),
      );
    expect(spooled(state)).toHaveLength(6);
    await sink.behave('accept');
    const both = [0, 1].map((index) => start({ count: 1, from: 1_000_000 + index, ending: 'wait', state, env: endpointOf(sink) }));
    await sink.arrived(() => idsOf(sink).length >= 602, LIMIT_MS);
    both.forEach(tell);
    await Promise.all(both.map(({ finished }) => finished));
    await sink.close();
    expectOnce(sink, 602);
    expect(spooled(state)).toEqual([]);
  },
  PATIENT_MS,
);

test(
  'a process that is killed while it sends leaves the file to the next one',
  async () => {
    const state = freshFolder('state');
    const closed = await startSink('refuse');
    await closed.close();
    const { port } = new URL(closed.url);
    await run({ count: 500, ending: 'exit', state, env: endpointOf(closed) });
    // Takes what is live, and never answers what comes from the spool.
    const traces = (requests: readonly Received[]): number => requests.filter(({ path }) => path === '/v1/traces').length;
    const silent = await startReceiver((response, { path }) => {
      if (path !== '/v1/traces' || traces(silent.requests) === 1) response.end();
    }, Number(port));
    const killed = start({ count: 1, from: 2_000_000, ending: 'wait', state, env: endpointOf(silent) });
    await silent.until((requests) => traces(requests) === 2);
    killed.child.kill('SIGKILL');
    await killed.finished;
    await silent.close();
    expect(spooled(state)).toEqual([expect.stringMatching(/\.otlp\.\d+-/)]);
    const sink = await startSink('accept', Number(port));
    await deliver(sink, { state, count: 500 });
    await sink.close();
    expectOnce(sink, 501);
    expect(spooled(state)).toEqual([]);
  },
  PATIENT_MS,
);

test(
  'a process whose endpoint is away for four attempts writes what waits to disk and sends it when the endpoint is back',
  async () => {
    const sink = await startSink({ status: 503, headers: { 'retry-after': '0' } });
    const state = freshFolder('state');
    const files = {
      'app.cjs': `${recording}\nrecord(0, 300); ready(); told(() => { record(300, 1); setTimeout(() => process.exit(0), 600_000).unref(); });`,
    };
    const program = startProgram({ files, env: { XDG_STATE_HOME: state, ...endpointOf(sink), ...unhurried }, timeoutMs: LIMIT_MS });
    await sink.arrived((requests) => requests.filter(({ path }) => path === '/v1/traces').length >= 4, LIMIT_MS);
    while (spooled(state).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await sink.behave('accept');
    tell(program);
    await sink.arrived(() => idsOf(sink).length >= 301, LIMIT_MS);
    program.child.kill('SIGTERM');
    expect(await program.finished).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    await sink.close();
    expectOnce(sink, 301);
  },
  PATIENT_MS,
);

test(
  'what waits on disk is sent only to its own endpoint with its own credentials, and no credential is on disk',
  async () => {
    const closed = await startSink('refuse');
    const other = await startSink();
    const state = freshFolder('state');
    const secret = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20canary-7f3a' };
    await run({ count: 10, ending: 'exit', state, env: { ...endpointOf(closed), ...secret } });
    await run({
      count: 10,
      from: 10,
      ending: 'exit',
      state,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: closed.url.replace('//', '//user:canary-7f3a@') },
    });
    expect(spooled(state)).toHaveLength(2);
    for (const path of spooled(state)) expect(readFileSync(path).includes('canary')).toBe(false);
    expect(spooled(state).join()).not.toMatch(/canary|127\.0\.0\.1/);
    await closed.behave('accept');
    await deliver(other, { state, count: 0, env: { ...endpointOf(other), ...secret } });
    await deliver(closed, { state, count: 0, env: endpointOf(closed) });
    expect(idsOf(other)).toEqual(['1000000']);
    expect(idsOf(closed)).toEqual(['1000000']);
    expect(spooled(state)).toHaveLength(2);
    await deliver(closed, { state, count: 11, env: { ...endpointOf(closed), ...secret } });
    expect(idsOf(closed)).toHaveLength(12);
    expect(spooled(state)).toHaveLength(1);
    await Promise.all([closed.close(), other.close()]);
  },
  PATIENT_MS,
);

test(
  'a request that the endpoint refuses for good is dropped and counted, and the next one is sent',
  async () => {
    const closed = await startSink('refuse');
    const state = freshFolder('state');
    for (const from of [0, 50]) await run({ count: 50, from, ending: 'exit', state, env: endpointOf(closed) });
    let traces = 0;
    const receiver = await startReceiver(
      (response, { path }) => {
        if (path === '/v1/traces' && ++traces === 2) response.writeHead(400);
        response.end();
      },
      Number(new URL(closed.url).port),
    );
    const program = start({ count: 1, ending: 'wait', state, env: endpointOf(receiver) });
    await receiver.until(() => traces === 3);
    tell(program);
    await program.finished;
    await receiver.close();
    expect(spooled(state)).toEqual([]);
    const counters = statusesOf(state).map(({ counters }) => counters);
    expect(counters).toContainEqual(expect.objectContaining({ 'spool.refused': 50, 'spool.sent': 50 }));
    const { stdout } = await runProgram({
      command: process.execPath,
      args: [commandFile, 'doctor'],
      preload: 'none',
      env: { XDG_STATE_HOME: state },
    });
    expect(stdout).toMatch(/50 spans and logs that waited on disk are lost: they were refused by the endpoint/);
  },
  PATIENT_MS,
);

test.each<{ name: string; env: (url: string) => Record<string, string> }>([
  { name: 'nobody named', env: () => ({}) },
  { name: 'belongs to a run', env: (url) => ({ SWARMSCOPE_ENDPOINT: url }) },
  { name: 'is named, with the spool switched off', env: (url) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url, SWARMSCOPE_SPOOL_MAX_BYTES: '0' }) },
])(
  'nothing is kept on disk for an endpoint that $name: what it did not take is counted as lost',
  async ({ env }) => {
    const state = freshFolder('state');
    await run({ count: 10, ending: 'exit', state, env: env('http://127.0.0.1:9') });
    expect(readdirSync(join(state, 'swarmscope'))).toEqual(['status']);
    expect(statusesOf(state)[0]?.signals.traces).toMatchObject({ recorded: 10, sent: 0 });
    expect(Object.values(statusesOf(state)[0]?.signals.traces.dropped ?? {})).toEqual([10]);
  },
  PATIENT_MS,
);

test.each<{ name: string; prepare: (state: string) => void }>([
  { name: 'is a link to elsewhere', prepare: (state) => symlinkSync(freshFolder('elsewhere'), join(state, 'swarmscope/spool')) },
  { name: 'may be read by others', prepare: (state) => mkdirSync(join(state, 'swarmscope/spool'), { mode: 0o755 }) },
  { name: 'is a file', prepare: (state) => writeFileSync(join(state, 'swarmscope/spool'), 'x') },
])(
  'a spool folder that $name is not used: the program ends as it would, and the loss is counted',
  async ({ prepare }) => {
    const state = freshFolder('state');
    mkdirSync(join(state, 'swarmscope'), { mode: 0o700 });
    prepare(state);
    await run({ count: 10, ending: 'exit', state, env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } });
    const [status] = statusesOf(state);
    expect(status?.signals.traces).toMatchObject({ recorded: 10, dropped: { ECONNREFUSED: 10 } });
    expect(status?.counters['spool.failed']).toBeGreaterThan(0);
  },
  PATIENT_MS,
);

test(
  'a state folder that cannot be written costs the program nothing',
  async () => {
    await run({ count: 10, ending: 'exit', state: '/proc/none', env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } });
  },
  PATIENT_MS,
);

test(
  'run --export keeps on disk what its endpoint does not take and says so, and the next run sends it',
  async () => {
    const sink = await startSink('refuse');
    const state = freshFolder('state');
    const supervised = (from: number): Promise<ProgramResult> =>
      runProgram({
        files: { ...sender },
        preload: 'none',
        command: process.execPath,
        args: [commandFile, 'run', '--quiet', '--export', sink.url, '--', process.execPath, 'app.cjs', '100', String(from), 'return'],
        env: { XDG_STATE_HOME: state, ...unhurried },
        timeoutMs: LIMIT_MS,
      });
    const first = await supervised(0);
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/took not all: \d+ requests wait on disk and go out with a later run that reaches it/);
    expect(spooled(state).length).toBeGreaterThan(0);
    await sink.behave('accept');
    expect((await supervised(100)).stderr).not.toContain('took not all');
    await sink.close();
    expectOnce(sink, 200);
    expect(spooled(state)).toEqual([]);
  },
  PATIENT_MS,
);
