/** `swarmscope run` tells what goes wrong while it goes on: one small program a kind, told by `--notify`, and withdrawn when it is over. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { commandFile, freshFolder, runProgram, testWith, type ProgramResult } from '../harness/index.ts';
import { api } from './programs.ts';

interface Told {
  readonly version: number;
  readonly state: 'raised' | 'withdrawn';
  readonly because?: string;
  readonly kind: string;
  readonly id: string;
  readonly text: string;
  readonly where: Record<string, unknown>;
  readonly evidence: { readonly spanIds: string[]; readonly traceIds: string[] };
  readonly run: { readonly id: string; readonly name: string };
}

interface Ended extends ProgramResult {
  readonly told: Told[];
  readonly home: string;
  readonly losses: Record<string, number>;
}

/** A program waits for what was told of it: nothing here depends on how fast the machine is. */
const prelude = `
const { spawn, spawnSync } = require('node:child_process'); const { createServer } = require('node:http'); const fs = require('node:fs');
const { budget, wait, withAgent, withTask, withTool } = require(${api});
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const told = () => { try { return fs.readFileSync(process.env.FOUND, 'utf8').trim().split('\\n').filter(Boolean).map((line) => JSON.parse(line)); } catch { return []; } };
const until = async (state, kind, between = () => pause(50)) => { while (!told().some((one) => one.state === state && one.kind === kind)) await between(); };
const serve = async (answer) => {
  const server = createServer((request, response) => { request.resume(); request.on('end', () => answer(response)); });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = 'http://127.0.0.1:' + server.address().port + '/v1/chat/completions';
  const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] });
  return { ask: async () => (await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })).text(), close: () => server.closeAllConnections() ?? server.close() };
};
const answer = (response, status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
`;

const APPEND = 'cat >> "$FOUND"';

async function run(program: string, thresholds = '', { notify = APPEND, flags = [] as string[], env = {} } = {}): Promise<Ended> {
  const folder = freshFolder('found');
  const found = join(folder, 'found');
  const report = join(folder, 'report.json');
  const home = join(folder, 'data');
  const result = await runProgram({
    preload: 'none',
    files: {
      'main.cjs': `${prelude}\n(async () => {\n${program}\n})().catch((error) => { console.error(error); process.exitCode = 9; });`,
    },
    command: process.execPath,
    args: [commandFile, 'run', '--json', report, '--notify', notify, ...flags, '--', process.execPath, 'main.cjs'],
    env: { FOUND: found, XDG_DATA_HOME: home, SWARMSCOPE_FINDINGS: thresholds, SWARMSCOPE_HOST_METRICS: 'false', ...env },
  });
  let lines: string[] = [];
  try {
    lines = readFileSync(found, 'utf8').trim().split('\n').filter(Boolean);
  } catch {
    // Nothing was told.
  }
  const { losses } = JSON.parse(readFileSync(report, 'utf8')) as { losses: Record<string, number> };
  return { ...result, home, losses, told: lines.map((line) => JSON.parse(line) as Told) };
}

const saidOf = ({ told }: Ended): string[] => told.map(({ state, kind, because = '' }) => `${state} ${kind} ${because}`.trim());

describe('each kind is raised and withdrawn', () => {
  test('a step that hangs: told by the status line, in a log record and to the command', async () => {
    const ended = await run(
      `await withTask({ type: 'implement', id: 'cart' }, () => withTool('deploy', () => until('raised', 'hung_agent')));
       await until('withdrawn', 'hung_agent');
       console.log('done');`,
      'hung_agent=1000',
    );
    expect(saidOf(ended)).toEqual(['raised hung_agent', 'withdrawn hung_agent over']);
    expect(ended.told[0]).toMatchObject({
      version: 1,
      severity: 'high',
      text: expect.stringMatching(/^execute_tool deploy in .*gives no sign for \d/),
      action: expect.any(String),
      value: expect.any(Number),
      threshold: 1_000,
      where: { task: 'cart', tool: 'deploy' },
      evidence: { spanIds: [expect.stringMatching(/^[\da-f]{16}$/)], traceIds: [expect.stringMatching(/^[\da-f]{32}$/)] },
      run: { id: expect.any(String), name: 'main' },
    });
    expect({ stdout: ended.stdout, code: ended.code }).toEqual({ stdout: 'done\n', code: 0 });
    const events = await runProgram({
      preload: 'none',
      command: process.execPath,
      args: [commandFile, 'events', '--kind', 'finding', '--json', '-'],
      env: { XDG_DATA_HOME: ended.home },
    });
    const { events: stored } = JSON.parse(events.stdout) as { events: { task: string; attributes: Record<string, unknown> }[] };
    expect(
      stored.map(({ task, attributes }) => [task, attributes['swarmscope.finding.state'], attributes['swarmscope.finding.kind']]),
    ).toEqual([
      ['cart', 'raised', 'hung_agent'],
      ['cart', 'withdrawn', 'hung_agent'],
    ]);
    expect(stored[0]?.attributes).toMatchObject({
      'swarmscope.finding.id': ended.told[0]?.id,
      'swarmscope.finding.threshold': 1_000,
      'swarmscope.finding.value': expect.any(Number),
      'gen_ai.tool.name': 'deploy',
    });
  });

  test('somebody who is asked and does not answer', async () => {
    const ended = await run(
      `await withTask({ type: 'deploy', id: 'shop' }, () => wait('human', () => until('raised', 'human_wait')));
       await until('withdrawn', 'human_wait');`,
      'human_wait=1000',
    );
    expect(saidOf(ended)).toEqual(['raised human_wait', 'withdrawn human_wait over']);
    expect(ended.told[0]?.text).toMatch(/waits for a person for \d/);
    expect(ended.stderr).toMatch(/swarmscope: .*! .*waits for a person for \d/);
  });

  test('an agent that makes the same call again and again', async () => {
    const ended = await run(
      `const call = (path) => withTool({ name: 'read_file', arguments: { path } }, async () => 'the same');
       await withAgent('coder', async () => {
         await until('raised', 'tool_loop', async () => { await call('cart.ts'); await pause(20); });
         await call('shop.ts');
         await until('withdrawn', 'tool_loop');
       });`,
    );
    expect(saidOf(ended)).toEqual(['raised tool_loop', 'withdrawn tool_loop over']);
    expect(ended.told[0]?.where).toEqual({ agent: 'coder', tool: 'read_file' });
    expect(ended.told[0]?.evidence.spanIds.length).toBeGreaterThanOrEqual(4);
  });

  test('storms of 429 and of 529; they hold until the run ends', async () => {
    const ended = await run(
      `const limit = await serve((response) => answer(response, 429, { error: { code: 'rate_limit_exceeded', message: 'slow down' } }));
       await until('raised', 'rate_limit', limit.ask);
       limit.close();
       const full = await serve((response) => answer(response, 529, { error: { type: 'overloaded_error', message: 'full' } }));
       await until('raised', 'overload', full.ask);
       full.close();`,
    );
    expect(saidOf(ended).sort()).toEqual([
      'raised overload',
      'raised rate_limit',
      'withdrawn overload run_ended',
      'withdrawn rate_limit run_ended',
    ]);
    expect(ended.told[0]).toMatchObject({ severity: 'medium', text: expect.stringMatching(/refused \d+ of \d+ calls in the last minute/) });
  });

  test('a budget that is spent', async () => {
    const ended = await run(
      `budget({ name: 'night', tokens: 100 });
       const models = await serve((response) => answer(response, 200, { id: 'a', object: 'chat.completion', model: 'gpt-4o',
         choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'pong' } }], usage: { prompt_tokens: 40, completion_tokens: 20, total_tokens: 60 } }));
       await models.ask(); await models.ask();
       models.close();
       await until('raised', 'budget_burn');`,
    );
    expect(saidOf(ended)).toEqual(['raised budget_burn', 'withdrawn budget_burn run_ended']);
    expect(ended.told[0]).toMatchObject({ text: 'the budget night is used up: 120 tokens of 100 tokens', where: { budget: 'night' } });
  });

  test('merge conflicts that pile up, and good merges after them', async () => {
    const ended = await run(
      `const git = (...args) => spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'init.defaultBranch=main', ...args], { cwd: 'shop', encoding: 'utf8' });
       fs.mkdirSync('shop'); git('init'); fs.writeFileSync('shop/cart.txt', 'one\\n'); git('add', '.'); git('commit', '-m', 'first');
       const branch = (name, file) => { git('checkout', '-q', '-b', name, 'main~0'); fs.writeFileSync('shop/' + file, name + '\\n'); git('add', '.'); git('commit', '-m', name); git('checkout', '-q', 'main'); };
       for (const name of ['a', 'b', 'c']) branch(name, 'cart.txt');
       for (const name of ['d', 'e', 'f', 'g']) branch(name, name + '.txt');
       fs.writeFileSync('shop/cart.txt', 'main\\n'); git('commit', '-qam', 'main');
       for (const name of ['a', 'b', 'c']) { git('merge', '--no-edit', name); git('merge', '--abort'); }
       await until('raised', 'merge_conflict');
       for (const name of ['d', 'e', 'f', 'g']) git('merge', '--no-edit', name);
       await until('withdrawn', 'merge_conflict');`,
    );
    expect(saidOf(ended)).toEqual(['raised merge_conflict', 'withdrawn merge_conflict over']);
    expect(ended.told[0]).toMatchObject({
      text: '3 of 3 merges in shop left conflicts in the last ten minutes',
      where: { repository: 'shop' },
    });
  });

  const fakeAgent = (what: string): string => `
    fs.mkdirSync('bin', { recursive: true });
    fs.writeFileSync('bin/claude', ${JSON.stringify(`#!/usr/bin/env python3\nimport os, subprocess, time\n${what}\n`)}, { mode: 0o755 });`;

  testWith('python3', 'an agent whose process hangs, and what an agent leaves behind', async () => {
    const ended = await run(
      `${fakeAgent("child = subprocess.Popen(['sleep', '600'], start_new_session=True)\nopen('left', 'w').write(str(child.pid))\ntime.sleep(600 if os.environ.get('HANG') else 1)")}
       const hung = spawn('bin/claude', ['-p', 'hi'], { env: { ...process.env, HANG: '1' }, stdio: 'ignore' });
       await until('raised', 'hung_agent');
       hung.kill('SIGKILL');
       await until('withdrawn', 'hung_agent');
       await until('raised', 'orphan');
       process.kill(Number(fs.readFileSync('left', 'utf8')), 'SIGKILL');
       await until('withdrawn', 'orphan');`,
      'hung_agent=2000,orphan=1000',
      { env: { SWARMSCOPE_SILENT_AFTER: '1000' } },
    );
    expect(saidOf(ended)).toEqual(['raised hung_agent', 'withdrawn hung_agent over', 'raised orphan', 'withdrawn orphan over']);
    expect(ended.told[0]).toMatchObject({
      text: expect.stringMatching(/^claude.* \(process \d+\) gives no sign for/),
      where: { pid: expect.any(Number) },
    });
    expect(ended.told[2]?.text).toMatch(/^sleep \(process \d+\) goes on .* after claude\S*, which started it, has ended$/);
  });
});

const short = `await withTask({ type: 'implement', id: 'cart' }, () => withTool('deploy', () => pause(2500)));`;

test('a healthy run tells nothing, nor does one whose kinds are off', async () => {
  const healthy = await run(
    `for (let at = 0; at < 30; at += 1) await withTask({ type: 'implement', id: 't-' + at }, () => withTool({ name: 'read', arguments: { at } }, () => pause(50)));
     const limit = await serve((response) => answer(response, 429, {}));
     for (let at = 0; at < 3; at += 1) await limit.ask();
     limit.close();
     await pause(1500);`,
  );
  expect(healthy.told).toEqual([]);
  expect(healthy.stderr).not.toContain('! ');
  expect((await run(short, 'hung_agent=off')).told).toEqual([]);
});

describe('a command of --notify', () => {
  const cases = [
    [
      'that hangs is ended with all that it started',
      'echo out; cat > "$FOUND.late"; sleep 600 & sleep 600',
      /took longer than 500 ms and was ended/,
    ],
    ['that fails is said once with what it says', 'echo "no token" >&2; exit 3', /ended with exit code 3: no token/],
    ['that does not exist is said', '/nowhere/notify', /ended with exit code 127/],
  ] as const;
  test.each(cases)('%s; the run and its output are as they would be', async (_, notify, why) => {
    const ended = await run(`${short}\nconsole.log('done');\nprocess.exitCode = 4;`, 'hung_agent=1000', {
      notify,
      env: { SWARMSCOPE_NOTIFY_TIMEOUT: '500' },
    });
    expect({ stdout: ended.stdout, code: ended.code }).toEqual({ stdout: 'done\n', code: 4 });
    const lines = ended.stderr.split('\n').filter((line) => line.includes('The command of --notify'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(why);
    expect(ended.losses['notify.failed']).toBe(2);
  });
});
