/** Every form of node:child_process makes a span with the child below it, and gives the app what it got without us. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../src/analysis/model.ts';
import {
  expectTrace,
  freshFolder,
  runProgram,
  startSink,
  type ExpectedSpan,
  type ProgramOptions,
  type ProgramResult,
  INHERITED_OPTION,
  toldIn,
} from '../harness/index.ts';
import { spansOf } from '../harness/received.ts';
import { api, apiModule, endpointOf, patient } from './programs.ts';

/** Records a task and prints the environment it was given. */
const child = `
const { withTask } = require(${api});
withTask('inside', () => console.log(JSON.stringify({ ...process.env, argv: process.argv.slice(2) })));
`;

const forms = ['spawn', 'exec', 'execFile', 'fork', 'spawnSync', 'execSync', 'execFileSync'];
const environments = ['none', 'own', 'empty'];

/** Every form with every kind of environment, each in a task of its own; prints what each child printed. */
const everyForm = `
const file = new URL('./child.cjs', url).pathname;
const node = process.execPath;
const own = { PATH: process.env.PATH, OWN: 'yes', ...endpoint() };
function endpoint() { const name = 'OTEL_EXPORTER_OTLP_ENDPOINT'; return { [name]: process.env[name], SWARMSCOPE_EXIT_TIMEOUT: '10000' }; }
const environments = { none: {}, own: { env: own }, empty: { env: {} } };
const read = (stream) => new Promise((resolve) => { let text = ''; stream.on('data', (part) => { text += part; }).on('end', () => resolve(text)); });
const line = '"' + node + '" "' + file + '" a b';
const launch = {
  spawn: (options) => read(spawn(node, [file, 'a', 'b'], options).stdout),
  exec: (options) => new Promise((resolve) => exec(line, options, (error, stdout) => resolve(stdout))),
  execFile: (options) => new Promise((resolve) => execFile(node, [file, 'a', 'b'], options, (error, stdout) => resolve(stdout))),
  fork: (options) => read(fork(file, ['a', 'b'], { ...options, silent: true }).stdout),
  spawnSync: (options) => String(spawnSync(node, [file, 'a', 'b'], options).stdout),
  execSync: (options) => String(execSync(line, options)),
  execFileSync: (options) => String(execFileSync(node, [file, 'a', 'b'], options)),
};
const results = {};
const all = [];
for (const [form, start] of Object.entries(launch)) {
  for (const [kind, options] of Object.entries(environments)) {
    const name = form + ' ' + kind;
    Object.freeze(options);
    Object.freeze(options.env ?? {});
    all.push(withTask(name, async () => { results[name] = JSON.parse(await start(options)); }));
  }
}
Promise.all(all).then(() => console.log(JSON.stringify(results)));
`;

const programs: Record<string, Record<string, string>> = {
  CommonJS: {
    'app.cjs': `const { withTask } = require(${api}); const { ${forms.join(', ')} } = require('node:child_process'); const url = 'file://' + __filename; ${everyForm}`,
    'child.cjs': child,
  },
  'ES module with named imports': {
    'app.mjs': `import { withTask } from ${apiModule}; import { ${forms.join(', ')} } from 'node:child_process'; const { url } = import.meta; ${everyForm}`,
    'child.cjs': child,
  },
};

type Environment = Record<string, string | undefined>;

async function run(options: ProgramOptions): Promise<ProgramResult & { spans: SpanRow[] }> {
  const sink = await startSink();
  const result = await runProgram({ ...options, env: { ...endpointOf(sink), ...patient, ...options.env } });
  await sink.close();
  return { ...result, spans: spansOf(sink) };
}

const node = (children: readonly ExpectedSpan[], exitCode = 0): ExpectedSpan => ({
  name: 'node',
  kind: 3,
  isError: exitCode !== 0,
  attributes: { 'process.executable.name': 'node', 'process.exit.code': exitCode, 'swarmscope.process.executable.kind': 'node' },
  children,
});
const task = (type: string, ...children: ExpectedSpan[]): ExpectedSpan => ({ name: `run_task ${type}`, children });

describe.each(Object.keys(programs))('in a program in %s', (language) => {
  let seen: ProgramResult & { spans: SpanRow[] };
  let given: Record<string, Environment>;
  beforeAll(async () => {
    seen = await run({ files: programs[language] ?? {} });
    given = seen.stdout === '' ? {} : (JSON.parse(seen.stdout) as Record<string, Environment>);
  });

  test('nothing is printed and nothing fails', () => {
    expect(seen).toMatchObject({ code: 0, stderr: '' });
  });

  test.each(forms.flatMap((form) => environments.map((environment) => ({ form, environment }))))(
    '$form with environment $environment is a span below its task, and the child has exactly what was meant for it',
    ({ form, environment }) => {
      const name = `${form} ${environment}`;
      const isBelow = (row: SpanRow | undefined): boolean =>
        row !== undefined && (row.name === `run_task ${name}` || isBelow(seen.spans.find(({ spanId }) => spanId === row.parentSpanId)));
      const below = seen.spans.filter(isBelow);
      // With an empty environment the child is told where its parent sends to.
      expectTrace(below, task(name, node([task('inside')])));
      const { OWN, TRACEPARENT, NODE_OPTIONS, PATH } = given[name] ?? {};
      expect({ OWN, hasPath: PATH !== undefined && environment !== 'empty' }).toEqual({
        OWN: environment === 'own' ? 'yes' : undefined,
        hasPath: environment !== 'empty',
      });
      const span = below.find((row) => row.name === 'node');
      expect(span?.attributes['process.pid']).toBeGreaterThan(0);
      expect(TRACEPARENT).toBe(`00-${span?.traceId}-${span?.spanId}-01`);
      expect(toldIn(NODE_OPTIONS)?.copy).toMatch(/\/swarmscope\/preload\/[^/]+\/register\.cjs$/);
    },
  );
});

describe('how a child ends is on its span', () => {
  const rows = [
    {
      how: 'exit code 7',
      launch: `spawnSync(process.execPath, ['-e', 'process.exit(7)'])`,
      attributes: { 'process.exit.code': 7, 'error.type': '7' },
    },
    {
      how: 'a signal',
      launch: `spawnSync(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'])`,
      attributes: { 'process.exit.code': undefined, 'swarmscope.process.signal': 'SIGKILL', 'error.type': 'SIGKILL' },
    },
    {
      how: 'no such program (sync)',
      launch: `spawnSync('no-such-program')`,
      attributes: { 'error.type': 'ENOENT', 'process.pid': undefined },
    },
    {
      how: 'no such program',
      launch: `spawn('no-such-program').on('error', ({ code }) => console.log(code))`,
      attributes: { 'error.type': 'ENOENT' },
    },
    {
      how: 'not executable',
      launch: `spawn(__filename).on('error', ({ code }) => console.log(code))`,
      attributes: { 'error.type': 'EACCES' },
    },
    {
      how: 'exit code 3 after a while',
      launch: `spawn('sh', ['-c', 'exit 3']).on('exit', console.log)`,
      attributes: { 'process.exit.code': 3, 'error.type': '3' },
    },
    {
      how: 'stopped by the app',
      launch: `const c = spawn('sleep', ['20']); c.on('exit', console.log); c.kill()`,
      attributes: { 'swarmscope.process.signal': 'SIGTERM', 'error.type': undefined },
    },
    {
      how: 'ended hard by the app, by its pid',
      launch: `const c = spawn('sleep', ['20']); c.on('exit', console.log); process.kill(c.pid, 'SIGKILL')`,
      attributes: { 'swarmscope.process.signal': 'SIGKILL', 'error.type': undefined },
    },
    {
      how: 'given up by an AbortSignal',
      launch: `const ending = new AbortController(); const { signal } = ending; const c = spawn('sleep', ['20'], { signal }); c.on('error', () => {}).on('exit', console.log); ending.abort()`,
      attributes: { 'swarmscope.process.signal': 'SIGTERM', 'error.type': undefined },
    },
    {
      how: 'asked to end, with its whole group, and saying so',
      launch: `const c = spawn('sh', ['-c', 'trap "exit 143" TERM; echo ready; while :; do sleep 0.01; done'], { detached: true }); c.on('exit', console.log); c.stdout.once('data', () => process.kill(-c.pid, 'SIGTERM'))`,
      attributes: { 'process.exit.code': 143, 'swarmscope.process.signal': 'SIGTERM', 'error.type': undefined },
    },
    {
      how: 'exit code 143 that nobody asked for',
      launch: `const c = spawn('sh', ['-c', 'read line; exit 143']); c.on('exit', console.log); c.kill(0); c.stdin.end()`,
      attributes: { 'process.exit.code': 143, 'swarmscope.process.signal': undefined, 'error.type': '143' },
    },
    {
      how: 'exit code 1 after a signal that it did not take',
      launch: `const c = spawn('sh', ['-c', 'trap "" INT; echo ready; read line; exit 1']); c.on('exit', console.log); c.stdout.once('data', () => { c.kill('SIGINT'); c.stdin.end(); })`,
      attributes: { 'process.exit.code': 1, 'swarmscope.process.signal': undefined, 'error.type': '1' },
    },
    {
      how: 'thrown by execSync',
      launch: `try { execSync('exit 9', { stdio: 'pipe' }) } catch (error) { console.log(error.status, Object.keys(error).join()) }`,
      attributes: { 'process.exit.code': 9, 'error.type': '9' },
    },
    {
      how: 'thrown by execFileSync',
      launch: `try { execFileSync('no-such-program') } catch (error) { console.log(error.code, error.path, error.spawnargs.join()) }`,
      attributes: { 'error.type': 'ENOENT' },
    },
    {
      how: 'out of time',
      launch: `try { execFileSync('sleep', ['20'], { timeout: 50 }) } catch (error) { console.log(error.code, error.signal) }`,
      attributes: { 'error.type': /^(ETIMEDOUT|SIGTERM)$/ },
    },
  ];

  test.concurrent.each(rows)('$how', async ({ launch, attributes }) => {
    const files = { 'app.cjs': `const { spawn, spawnSync, execSync, execFileSync } = require('node:child_process'); ${launch}` };
    const [bare, seen] = await Promise.all([runProgram({ files, preload: 'none' }), run({ files })]);
    expect({ code: seen.code, stdout: seen.stdout, stderr: seen.stderr }).toEqual({
      code: bare.code,
      stdout: bare.stdout,
      stderr: bare.stderr,
    });
    expectTrace(seen.spans, { name: /./, kind: 3, isError: attributes['error.type'] !== undefined, attributes });
  });
});

describe('what the app sees of its own calls', () => {
  test('options, arguments and spawnargs are what they were, and getters are read as often', async () => {
    const program = `
      const { spawn, spawnSync, fork } = require('node:child_process');
      let reads = 0;
      const options = { get env() { reads++; return { PATH: process.env.PATH }; }, stdio: 'ignore' };
      const args = ['-e', '0'];
      const before = JSON.stringify(process.env);
      const child = spawn(process.execPath, args, options);
      child.on('exit', (code) => {
        const result = spawnSync(process.execPath, args, { env: { A: '1' } });
        console.log(reads, args.join(), child.spawnargs.slice(1).join(), child.spawnfile === process.execPath, code, result.status, before === JSON.stringify(process.env));
        console.log(spawn.name, spawn.length, spawnSync.name, spawnSync.length, Object.keys(child).sort().join(), typeof child.kill);
      });
    `;
    const [bare, seen] = await Promise.all([
      runProgram({ files: { 'app.cjs': program }, preload: 'none' }),
      run({ files: { 'app.cjs': program } }),
    ]);
    expect(seen.stderr).toBe('');
    expect(seen.stdout).toBe(bare.stdout);
  });

  const kept: { what: string; env: Record<string, string>; expected: Environment }[] = [
    {
      what: 'TRACEPARENT',
      env: { TRACEPARENT: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
      expected: { TRACEPARENT: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    },
    { what: 'GIT_TRACE2_EVENT', env: { GIT_TRACE2_EVENT: '/tmp/of-the-user' }, expected: { GIT_TRACE2_EVENT: '/tmp/of-the-user' } },
  ];
  test.each(kept)('a $what that the app gives to its child is kept', async ({ env, expected }) => {
    const program = `require('node:child_process').spawnSync(process.execPath, ['-p', 'JSON.stringify(process.env)'], { stdio: 'inherit', env: { ...process.env, ...${JSON.stringify(env)} } });`;
    const { stdout } = await run({ files: { 'app.cjs': program } });
    expect(JSON.parse(stdout)).toMatchObject(expected);
  });

  test('a GIT_TRACE2_EVENT that the user started the app with stays, and git is a plain child', async () => {
    const target = join(freshFolder('trace2'), 'events');
    const { spans, code } = await run({
      files: { 'app.cjs': `require('node:child_process').execFileSync('git', ['version'])` },
      env: { GIT_TRACE2_EVENT: target },
    });
    expect(code).toBe(0);
    expect(readFileSync(target, 'utf8')).toContain('"event":"start"');
    expectTrace(spans, { name: 'git', attributes: { 'process.exit.code': 0, 'swarmscope.process.executable.kind': 'git' } });
  });

  test('NODE_OPTIONS of the user stay beside ours, and a bare name of ours is replaced by the path', async () => {
    const program = `
      const env = { ...process.env, NODE_OPTIONS: '--max-old-space-size=300 --require swarmscope/register --no-deprecation' };
      require('node:child_process').spawnSync(process.execPath, ['-p', 'process.env.NODE_OPTIONS'], { stdio: 'inherit', env });
    `;
    const { stdout, stderr, spans } = await run({ files: { 'app.cjs': program } });
    expect(stderr).toBe('');
    expect(stdout.trim().replace(INHERITED_OPTION, '')).toBe('--max-old-space-size=300 --no-deprecation');
    expectTrace(spans, { name: 'node', attributes: { 'process.exit.code': 0 } });
  });
});

describe('the trace and the private copy of the preload', () => {
  const family = {
    'app.cjs': `const { withTask } = require(${api}); withTask('first', () => require('node:child_process').spawnSync(process.execPath, [__dirname + '/second.cjs'], { stdio: 'inherit' }));`,
    'second.cjs': `const { withTask } = require(${api}); withTask('second', () => require('node:child_process').execSync(JSON.stringify(process.execPath) + ' third.cjs', { cwd: __dirname, stdio: 'inherit' }));`,
    'third.cjs': `const { withTask } = require(${api}); withTask('third', () => console.log(process.env.NODE_OPTIONS));`,
  };
  const generations = task('first', node([task('second', node([task('third')]))]));

  test('grandchildren are in the same trace, in their places', async () => {
    const { spans, stderr } = await run({ files: family });
    expect(stderr).toBe('');
    expectTrace(spans, generations);
  });

  test('an app that a daemon starts, with the environment of the command that asked for it, hangs below its own process', async () => {
    // As PM2 does: `pm2 start` hands its environment to the daemon, which starts the app with it.
    const files = {
      'app.cjs': `require('node:child_process').spawnSync(process.execPath, [__dirname + '/command.cjs'], { stdio: 'inherit' });`,
      'command.cjs': `const daemon = require('node:child_process').fork(__dirname + '/daemon.cjs'); daemon.send({ ...process.env });`,
      'daemon.cjs': `process.once('message', (env) => require('node:child_process').spawn(process.execPath, [__dirname + '/work.cjs'], { env, stdio: 'inherit' }).on('exit', () => process.disconnect()));`,
      'work.cjs': `require(${api}).withTask('work', () => {});`,
    };
    const { spans, stderr } = await run({ files });
    expect(stderr).toBe('');
    expectTrace(spans, node([node([node([task('work')])])]));
  });

  test.each(['with space', 'with "quotes"', "with 'single'", 'with \\backslash', 'with $dollar and ünïcode'])(
    'a cache folder %s holds the copy, private, and children load it',
    async (name) => {
      const cache = join(freshFolder('cache'), name);
      const { spans, stderr, stdout } = await run({ files: family, env: { XDG_CACHE_HOME: cache } });
      expect(stderr).toBe('');
      expectTrace(spans, generations);
      const path = toldIn(stdout)?.copy ?? '';
      expect(path.startsWith(join(cache, 'swarmscope', 'preload'))).toBe(true);
      expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    },
  );

  test('a cache folder that cannot be made leaves children running, without the preload', async () => {
    // The superuser can write everywhere; nobody can make a folder below a file.
    const { spans, stderr, code, stdout } = await run({ files: family, env: { XDG_CACHE_HOME: '/dev/null/cache' } });
    expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: '', stdout: 'undefined\n' });
    expectTrace(spans, task('first', node([])));
  });
});
