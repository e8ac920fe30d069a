// Programs in Python and Go: the report against the counts of the program and of the model server.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ensureBuilt, freshFolder, testWith } from '../harness/index.ts';
import { installPython } from '../python/install.ts';
import { repository } from '../harness/paths.ts';
import { expectCalls, expectSameProgram, expectUnobserved } from './agreement.ts';
import { startModelServer, type ModelServer } from './model-server.ts';
import { runBare, runObserved, type Observed, type Swarm } from './swarm.ts';

const programs = join(import.meta.dirname, 'programs');

let server: ModelServer;
let python: string;

beforeAll(async () => {
  ensureBuilt();
  python = installPython(join(repository, 'examples/python-swarm/requirements.txt'));
  server = await startModelServer();
});

async function agrees(swarm: Swarm, flags: readonly string[]): Promise<void> {
  await seenRight(swarm, flags);
}

async function seenRight(swarm: Swarm, flags: readonly string[]): Promise<Observed> {
  const seen = await runObserved(swarm, flags, server);
  expectSameProgram(seen, await runBare(swarm, server));
  expectCalls(seen);
  return seen;
}

describe('the standard library of Python', () => {
  const threads = { command: ['python3', join(programs, 'urllib_threads.py'), 'p1', 'p2', 'p3'] };

  testWith('python3', 'threads, with the gateway', () => agrees(threads, ['--gateway']));
  testWith('python3', 'threads without it: nothing is said of what was not seen', async () => {
    expectUnobserved(await runObserved(threads, [], server));
  });
  testWith('python3', 'processes, with the gateway: each has a lane', async () => {
    const { report } = await seenRight({ command: ['python3', join(programs, 'processes.py'), 'p1', 'p2', 'p3'] }, ['--gateway']);
    expect(report.lanes).toEqual({ kind: 'process', count: 3, occupants: 3 });
  });
});

describe('packages of Python', () => {
  const by = (file: string, ...first: string[]): Swarm => ({
    command: [...first, python, join(programs, file), 'p1', 'p2', 'p3'],
    env: { PATH: `${join(python, '..')}:${process.env['PATH'] ?? ''}` },
  });
  const instrumented = (file: string): Swarm => by(file, join(python, '..', 'opentelemetry-instrument'));

  test('openai and anthropic, by threads and by asyncio, with the gateway', () => agrees(by('sdks.py'), ['--gateway']));
  test("OpenTelemetry's own SDK by gRPC, without the gateway", () => agrees(by('own_sdk.py'), []));
  test("OpenTelemetry's own SDK by gRPC, with the gateway: each call is one", () => agrees(by('own_sdk.py'), ['--gateway']));
  test('LangGraph with the gateway', () => agrees(by('graph.py'), ['--gateway']));
  test("LangGraph with OpenInference's packages", () => agrees(instrumented('graph.py'), []));
  test("LangGraph with OpenInference's packages and the gateway: each call is one", () => agrees(instrumented('graph.py'), ['--gateway']));
});

describe('Go', () => {
  testWith('go', 'the standard library, with the gateway', () => {
    const binary = join(freshFolder('go'), 'asks');
    execFileSync('go', ['build', '-o', binary, join(programs, 'main.go')], { stdio: ['ignore', 'pipe', 'pipe'] });
    return agrees({ command: [binary, 'g1', 'g2', 'g3'] }, ['--gateway']);
  });
});
