// The process of the gateway: it outlives whoever records, is replaced where it dies, and goes when nobody is left.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { commandFile, ensureBuilt, freshFolder, runProgram, startModels, startProgram, type Models } from '../harness/index.ts';
import { freePorts } from '../harness/free-ports.ts';
import type { RunReport } from '../../src/analysis/index.ts';
import { gatewayOf, isAlive } from './processes.ts';
import { until } from './wire.ts';

let models: Models;

beforeAll(async () => {
  ensureBuilt();
  models = await startModels();
});

const script = `
ask() { curl -sS "$OPENAI_BASE_URL/chat/completions" -H 'content-type: application/json' \\
  -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}' | grep -o pong > "$1.part"; mv "$1.part" "$1"; }
ask one
while [ ! -e go ]; do sleep 0.05; done
ask two
touch over
`;

const isThere = (file: string) => (): boolean => existsSync(file);
function start() {
  const json = join(freshFolder('report'), 'report.json');
  const program = startProgram({
    file: commandFile,
    preload: 'none',
    files: { 'swarm.sh': script },
    args: ['run', '--gateway', '--quiet', '--json', json, '--', 'bash', 'swarm.sh'],
    env: models.env,
  });
  return { ...program, json, at: (name: string) => join(program.folder, name) };
}

test('calls go on when swarmscope is killed, and the gateway goes with the last process of the run', async () => {
  const { child, finished, at } = start();
  await until(isThere(at('one')), 'the first call is made');
  const pid = gatewayOf(child.pid as number) as number;
  expect(pid).toBeGreaterThan(1);
  child.kill('SIGKILL');
  await until(() => !isAlive(child.pid as number), 'swarmscope is gone');
  writeFileSync(at('go'), '');
  await until(isThere(at('over')), 'the program has ended');
  expect([readFileSync(at('one'), 'utf8'), readFileSync(at('two'), 'utf8')]).toEqual(['pong\n', 'pong\n']);
  await until(() => !isAlive(pid), 'the gateway is gone');
  await finished;
});

test('a gateway that is killed is replaced at the same address, and that is said', async () => {
  const { child, finished, at, json } = start();
  await until(isThere(at('one')), 'the first call is made');
  const pid = gatewayOf(child.pid as number) as number;
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pid), 'it is gone');
  writeFileSync(at('go'), '');
  const { stderr, code } = await finished;
  expect([readFileSync(at('two'), 'utf8'), code]).toEqual(['pong\n', 0]);
  expect(stderr).toContain('The gateway died (SIGKILL) and was started again');
  const report = JSON.parse(readFileSync(json, 'utf8')) as { usage: { calls: number }; losses: Record<string, number> };
  expect([report.usage.calls, report.losses['gateway.restarts']]).toEqual([2, 1]);
});

test('an ordinary end leaves no process behind', async () => {
  const { child, finished, at } = start();
  await until(isThere(at('one')), 'the first call is made');
  const pid = gatewayOf(child.pid as number) as number;
  writeFileSync(at('go'), '');
  expect((await finished).code).toBe(0);
  await until(() => !isAlive(pid), 'the gateway is gone');
});

test('swarmscope gateway sees programs that are started elsewhere, keeps its address, and reports when it is interrupted', async () => {
  const folder = freshFolder('data');
  const [port] = await freePorts(1);
  const json = join(folder, 'report.json');
  const begin = () =>
    startProgram({
      file: commandFile,
      preload: 'none',
      args: ['gateway', '--port', String(port), '--quiet', '--json', json],
      env: { ...models.env, XDG_DATA_HOME: folder },
    });
  const wordIn = (text: string): string => /OPENAI_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/([\w-]{12})\/openai\/v1\n/.exec(text)?.[1] ?? text;
  const first = begin();
  await first.printed(/Ctrl-C ends it/);
  first.child.kill('SIGINT');
  const { stdout: told } = await first.finished;
  const second = begin();
  await second.printed(/Ctrl-C ends it/);
  const pid = gatewayOf(second.child.pid as number) as number;
  const address = `http://127.0.0.1:${port}/${wordIn(told)}/openai/v1`;
  const asked = await runProgram({
    command: 'bash',
    preload: 'none',
    files: { 'swarm.sh': script, go: '' },
    args: ['swarm.sh'],
    env: { OPENAI_BASE_URL: address },
  });
  expect(asked).toMatchObject({ code: 0, stderr: '' });
  second.child.kill('SIGINT');
  const { code, stderr } = await second.finished;
  expect({ code, isReported: stderr.includes('gpt-4o-mini') }).toEqual({ code: 0, isReported: true });
  const { usage, laneTime } = JSON.parse(readFileSync(json, 'utf8')) as RunReport;
  expect(usage.calls).toBe(2);
  // What the programs did between their calls is not known.
  expect(laneTime.byCategory.map(({ category }) => category).toSorted()).toEqual(['llm', 'unobserved']);
  await until(() => !isAlive(pid), 'the gateway is gone');
});
