/** Every bad input has a clear message or a counter, and loses nothing it need not lose. */
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  closeAtEnd,
  commandFile,
  freshFolder,
  outsideTrace,
  runProgram,
  startProgram,
  startSink,
  testWith,
  type ProgramOptions,
  type ProgramResult,
  type Sink,
  type SinkBehaviour,
} from '../harness/index.ts';
import { spansOf } from '../harness/received.ts';
import { api, endpointOf } from './programs.ts';

const recording = `const { withTask } = require(${api}); for (let i = 0; i < 10; i++) withTask('unit', () => i); console.log('worked');`;
const node = process.execPath;

function command(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  return runProgram({
    files: { 'app.cjs': recording, 'plain.txt': 'text' },
    ...options,
    preload: 'none',
    command: node,
    args: [commandFile, ...args],
  });
}

describe('a command line that cannot be meant', () => {
  const rows: { args: string[]; code: number; says: RegExp }[] = [
    { args: ['ruun', '--', 'node', 'app.cjs'], code: 2, says: /ruun.*\n?.*run/s },
    { args: ['run', '--exprot', 'http://x', '--', 'node'], code: 2, says: /--exprot.*--export/s },
    { args: ['run', '--port', 'abc', '--', 'node'], code: 2, says: /--port.*abc/s },
    { args: ['run', '--port', '99999', '--', 'node'], code: 2, says: /--port/ },
    { args: ['run', '--export', 'not a url', '--', 'node'], code: 2, says: /--export/ },
    { args: ['run', '--json'], code: 2, says: /--json/ },
    { args: ['run'], code: 2, says: /--/ },
    { args: ['run', '--'], code: 2, says: /--/ },
    { args: ['report', 'no-such-run'], code: 1, says: /No run is stored yet.*swarmscope run/ },
    { args: ['report'], code: 1, says: /No run is stored yet.*swarmscope run/ },
    { args: ['run', '--', 'no-such-command-here'], code: 127, says: /no-such-command-here.*PATH/s },
    { args: ['run', '--', './plain.txt'], code: 126, says: /plain\.txt.*chmod/s },
    { args: ['run', '--', '.'], code: 126, says: /Cannot run/ },
    { args: ['run', '--json', '/no/such/folder/r.json', '--', node, 'app.cjs'], code: 1, says: /Cannot write \/no\/such\/folder\/r\.json/ },
    { args: ['run', '--report', '/dev/null/r.txt', '--', node, 'app.cjs'], code: 1, says: /Cannot write/ },
    { args: ['runs', '--json', '/no/such/folder/r.json'], code: 1, says: /Cannot write \/no\/such/ },
    { args: ['doctor', '--json', '/no/such/folder/r.json'], code: 1, says: /Cannot write \/no\/such/ },
    { args: ['run', '--json', '.', '--', node, 'app.cjs'], code: 1, says: /Cannot write \./ },
  ];

  test.concurrent.each(rows)('$args ends with $code and says what to do', async ({ args, code, says }) => {
    const { stdout, stderr, ...result } = await command(args);
    expect({ code: result.code, stdout }).toEqual({ code, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/a fault of ours|\n\s+at /);
  });
});

describe('swarmscope run', () => {
  test('a port in use is named, and the program is not started', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    closeAtEnd(() => taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, stdout, stderr } = await command(['run', '--port', String(port), '--', node, 'app.cjs']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`Port ${port} is in use`);
  });

  test("the exit code and stdout are the program's; report and JSON go where they were sent", async () => {
    const folder = freshFolder('report');
    const [report, json] = [join(folder, 'report.txt'), join(folder, 'report.json')];
    const program = `${recording} process.exitCode = 42;`;
    const { code, stdout, stderr } = await command(['run', '--quiet', '--report', report, '--json', json, '--', node, 'app.cjs'], {
      files: { 'app.cjs': program },
    });
    expect({ code, stdout, stderr }).toEqual({ code: 42, stdout: 'worked\n', stderr: '' });
    expect(readFileSync(report, 'utf8')).toContain('exit code 42');
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ run: { exitCode: 42 } });
  });

  test('a report file that has gone at the end is warned about, the report goes to stderr, and the exit code stays', async () => {
    const folder = freshFolder('gone');
    const program = `${recording} require('node:fs').rmSync(${JSON.stringify(folder)}, { recursive: true }); process.exitCode = 6;`;
    const files = { 'app.cjs': program };
    const { code, stdout, stderr } = await command(
      ['run', '--quiet', '--report', join(folder, 'r.txt'), '--json', join(folder, 'r.json'), '--', node, 'app.cjs'],
      { files },
    );
    expect({ code, stdout }).toEqual({ code: 6, stdout: 'worked\n' });
    expect(stderr).toMatch(/Cannot write .*r\.json/);
    expect(stderr).toContain('exit code 6');
  });

  test('a typo in a setting is named with what was expected and received, and the run goes on', async () => {
    const { code, stdout, stderr } = await command(['run', '--quiet', '--', node, 'app.cjs'], {
      env: { OTEL_METRIC_EXPORT_INTERVAL: 'soon', SWARMSCOPE_OBSERVRES_OFF: 'git' },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'worked\n' });
    expect(stderr).toMatch(/OTEL_METRIC_EXPORT_INTERVAL: expected .*, received soon/);
    expect(stderr).toMatch(/SWARMSCOPE_OBSERVRES_OFF/);
  });

  test.each(['XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'])(
    'an unwritable %s costs the program nothing, and the report comes',
    async (name) => {
      const { code, stdout, stderr } = await command(['run', '--quiet', '--', node, 'app.cjs'], { env: { [name]: '/dev/null/nowhere' } });
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'worked\n' });
      expect(stderr).toContain('exit code 0');
      if (name !== 'XDG_CACHE_HOME') expect(stderr).toMatch(/unit|11 spans/);
      if (name !== 'XDG_STATE_HOME') expect(stderr).toMatch(/^swarmscope: /m);
    },
  );

  test('two runs beside each other each see their own', async () => {
    const files = { 'app.cjs': `${recording} setTimeout(() => {}, 700);` };
    const folder = freshFolder('both');
    const data = freshFolder('data');
    const results = await Promise.all(
      ['a', 'b'].map((name) =>
        command(['run', '--quiet', '--name', name, '--json', join(folder, `${name}.json`), '--', node, 'app.cjs'], {
          files,
          env: { XDG_DATA_HOME: data },
        }),
      ),
    );
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    const reports = ['a', 'b'].map(
      (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { run: { name: string; spanCount: number } },
    );
    expect(reports.map(({ run }) => run.name)).toEqual(['a', 'b']);
    const env = { XDG_DATA_HOME: data };
    const { stdout } = await command(['runs', '--json', '-'], { env });
    expect((JSON.parse(stdout) as { runs: unknown[] }).runs).toHaveLength(2);
    const [unknown, climbing] = await Promise.all([
      command(['report', 'no-such-run'], { env }),
      command(['report', '../../etc/passwd'], { env }),
    ]);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toMatch(/no-such-run/);
    expect(climbing).toMatchObject({ code: 1, stdout: '' });
    expect(climbing.stderr).toMatch(/No stored run begins with/);
  });
});

describe('signals', () => {
  const counting = `
    let count = 0;
    const child = require('node:child_process').spawn('sh', ['-c', 'trap "exit 130" INT; read line; exit 130']);
    process.on('SIGINT', () => { count++; child.stdin.end(); setTimeout(() => { console.log('got ' + count); process.exit(5); }, 300); });
    process.stdout.write('ready\\n');
    setTimeout(() => {}, 20_000);
  `;

  test('SIGINT to the supervisor, without a terminal, is handed on once, and the report still comes', async () => {
    const running = startProgram({
      files: { 'app.cjs': counting },
      preload: 'none',
      command: node,
      args: [commandFile, 'run', '--quiet', '--', node, 'app.cjs'],
    });
    await running.printed(/ready/);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.finished;
    expect({ code, stdout }).toEqual({ code: 5, stdout: 'ready\ngot 1\n' });
    expect(stderr).toContain('exit code 5');
    // Its child says that it was interrupted too: the run was, so that this is no failure.
    expect(stderr).toMatch(/1 other child process, 1 stopped[^]*SIGINT x 1/);
    expect(stderr).not.toContain('130');
  });

  test('SIGTERM to the supervisor ends the program as it would have ended, and the report still comes', async () => {
    const program = `${recording} setTimeout(() => {}, 20_000);`;
    const running = startProgram({
      files: { 'app.cjs': program },
      preload: 'none',
      command: node,
      args: [commandFile, 'run', '--quiet', '--', node, 'app.cjs'],
    });
    await running.printed(/worked/);
    running.child.kill('SIGTERM');
    const { code, stderr } = await running.finished;
    expect(code).toBe(143);
    expect(stderr).toMatch(/SIGTERM/);
    expect(stderr).toMatch(/unit/);
  });

  testWith('python3', 'Ctrl-C on a terminal reaches the program exactly once, and the report still comes', async () => {
    const terminal = `
import os, pty, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
text = b''
sent = False
while True:
    try:
        part = os.read(fd, 65536)
    except OSError:
        break
    if not part:
        break
    text += part
    if b'ready' in text and not sent:
        sent = True
        os.write(fd, b'\\x03')
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(text)
print('STATUS', os.waitstatus_to_exitcode(status))
`;
    const { stdout, stderr } = await runProgram({
      files: { 'app.cjs': counting, 'terminal.py': terminal },
      preload: 'none',
      command: 'python3',
      args: ['terminal.py', node, commandFile, 'run', '--', node, 'app.cjs'],
      env: { TERM: 'xterm' },
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/got 1\r?\n/);
    expect(stdout).toContain('exit code 5');
    expect(stdout).toContain('STATUS 5');
  });
});

describe('an endpoint in trouble', () => {
  let sink: Sink;
  beforeEach(async () => {
    sink = await startSink();
  });
  afterEach(() => sink.close());

  const rows: { name: string; behaviour: SinkBehaviour; lost: RegExp; advice: RegExp }[] = [
    { name: 'refuses', behaviour: 'refuse', lost: /10 traces were kept on disk.*ECONNREFUSED/, advice: /nothing listens/ },
    { name: 'hangs', behaviour: 'hang', lost: /10 traces were kept on disk.*timeout/, advice: /slow or hangs/ },
    { name: 'answers 429', behaviour: { status: 429 }, lost: /10 traces were kept on disk.*429/, advice: /try: / },
    {
      name: 'answers 503 with Retry-After',
      behaviour: { status: 503, headers: { 'retry-after': '60' } },
      lost: /10 traces were kept on disk.*503/,
      advice: /try: /,
    },
    { name: 'answers 400', behaviour: { status: 400 }, lost: /10 traces lost.*400/, advice: /does not understand us/ },
    { name: 'answers 401', behaviour: { status: 401 }, lost: /10 traces lost.*401/, advice: /OTEL_EXPORTER_OTLP_HEADERS/ },
  ];

  test.each(rows)(
    'that $name changes nothing in how the program ends and what it prints, and doctor names what was lost or kept, and the next command',
    async ({ behaviour, lost, advice }) => {
      await sink.behave(behaviour);
      const state = freshFolder('state');
      const env = { ...outsideTrace, ...endpointOf(sink), XDG_STATE_HOME: state };
      const result = await runProgram({ files: { 'app.cjs': recording }, env });
      expect(result).toMatchObject({ code: 0, stdout: 'worked\n', stderr: '', isTimedOut: false });
      const doctor = await command(['doctor'], { env });
      expect(doctor.stdout).toMatch(lost);
      expect(doctor.stdout).toMatch(advice);
      expect(doctor).toMatchObject({ code: 1, stderr: '' });
    },
  );

  test('that answers 503 with Retry-After 1 and then recovers gets everything', async () => {
    await sink.behave({ status: 503, headers: { 'retry-after': '1' } });
    const running = startProgram({
      files: { 'app.cjs': `${recording} process.once('SIGUSR2', () => clearTimeout(timer)); const timer = setTimeout(() => {}, 20_000);` },
      env: { ...outsideTrace, ...endpointOf(sink), OTEL_METRICS_EXPORTER: 'none' },
    });
    await sink.arrived((requests) => requests.some(({ path }) => path === '/v1/traces'));
    await sink.behave('accept');
    await sink.arrived(() => spansOf(sink).length === 10);
    running.child.kill('SIGUSR2');
    expect((await running.finished).code).toBe(0);
    expect(spansOf(sink)).toHaveLength(10);
  });

  test('under swarmscope run --export, an upstream that refuses loses nothing of the report and is named in it', async () => {
    await sink.behave('refuse');
    const { code, stdout, stderr } = await command(['run', '--quiet', '--export', sink.url, '--', node, 'app.cjs']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'worked\n' });
    expect(stderr).toMatch(/unit/);
    expect(stderr).toMatch(/forward/);
  });

  test('doctor with nothing recorded, and with everything in order, says so', async () => {
    const env = { ...outsideTrace, ...endpointOf(sink), XDG_STATE_HOME: freshFolder('state') };
    const before = await command(['doctor'], { env });
    expect(before.stdout).toMatch(/No process has recorded anything yet[^]*try: swarmscope run/);
    await runProgram({ files: { 'app.cjs': recording }, env });
    const after = await command(['doctor'], { env });
    expect(after.stdout).toMatch(/10 traces, .* sent, nothing lost/);
    expect(after.code).toBe(0);
  });

  test('a typo in a setting of a program that was started without the command is shown by doctor', async () => {
    const env = { ...outsideTrace, ...endpointOf(sink), XDG_STATE_HOME: freshFolder('state') };
    const result = await runProgram({ files: { 'app.cjs': recording }, env: { ...env, OTEL_EXPORTER_OTLP_COMPRESSION: 'zip' } });
    expect(result).toMatchObject({ code: 0, stdout: 'worked\n', stderr: '' });
    const { stdout } = await command(['doctor'], { env });
    expect(stdout).toMatch(/OTEL_EXPORTER_OTLP_COMPRESSION: expected .*gzip.*, received zip/);
  });
});

test('files of the user that are in the way are left alone', async () => {
  const data = freshFolder('data');
  mkdirSync(join(data, 'swarmscope', 'runs'), { recursive: true });
  writeFileSync(join(data, 'swarmscope', 'runs', 'notes.txt'), 'mine');
  const { code } = await command(['run', '--quiet', '--', node, 'app.cjs'], { env: { XDG_DATA_HOME: data } });
  expect(code).toBe(0);
  expect(existsSync(join(data, 'swarmscope', 'runs', 'notes.txt'))).toBe(true);
});
