// `swarmscope gateway`: where the calls of programs stand that are started elsewhere, and whose they are.
import { join } from 'node:path';
import { beforeAll, expect } from '@jest/globals';
import { factsOf } from '../../src/analysis/facts.ts';
import { readRun } from '../../src/viewer/index.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram, startProgram, testWith, type Models } from '../harness/index.ts';
import { freePorts } from '../harness/free-ports.ts';
import { startSlowModels } from './slow-models.ts';
import { until } from './wire.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const script = `
ask() { curl -sS -o /dev/null "$OPENAI_BASE_URL/chat/completions" -H 'content-type: application/json' "$@" \\
  -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}'; }
ask
ask
ask -H 'traceparent: 00-${TRACE}-${SPAN}-01'
ask -H 'traceparent: of a kind that nobody knows'
`;

let models: Models;

beforeAll(async () => {
  ensureBuilt();
  models = await startSlowModels(200);
});

testWith('curl', 'a call hangs below the span that its client names, else begins a trace of its own, and says whose it is', async () => {
  const folder = freshFolder('data');
  const [port] = await freePorts(1);
  const gateway = startProgram({
    file: commandFile,
    preload: 'none',
    args: ['gateway', '--port', String(port), '--quiet'],
    env: { ...models.env, XDG_DATA_HOME: folder },
  });
  let told = '';
  gateway.child.stdout?.on('data', (text: string) => (told += text));
  await gateway.printed(/Ctrl-C ends it/);
  await until(() => /OPENAI_BASE_URL=\S+\n/.test(told), 'the addresses are printed');
  const address = /OPENAI_BASE_URL=(\S+)\n/.exec(told)?.[1];
  const asked = await runProgram({
    command: 'bash',
    preload: 'none',
    files: { 'swarm.sh': script },
    args: ['swarm.sh'],
    env: { OPENAI_BASE_URL: address },
  });
  expect(asked).toMatchObject({ code: 0, stderr: '' });
  gateway.child.kill('SIGINT');
  const { code, stderr } = await gateway.finished;
  expect(code).toBe(0);
  expect(stderr).toMatch(/4 LLM calls|4 calls/);
  const run = readRun(join(folder, 'swarmscope'), 'latest');
  const root = run.spans.find(({ name }) => name.startsWith('invoke_workflow'));
  const calls = [...factsOf(run).llm.calls].map(({ row }) => row).toSorted((a, b) => a.startMs - b.startMs);
  expect(calls.map(({ attributes }) => attributes['process.executable.name'])).toEqual(['curl', 'curl', 'curl', 'curl']);
  expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, undefined, SPAN, undefined]);
  expect(calls[2]?.traceId).toBe(TRACE);
  // Four traces beside that of the run.
  expect(new Set([root?.traceId, ...calls.map(({ traceId }) => traceId)]).size).toBe(5);
});
