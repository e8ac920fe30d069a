// Short programs: each makes one call and ends at once, and its call is its own.
import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect } from '@jest/globals';
import { factsOf } from '../../src/analysis/facts.ts';
import { processOf } from '../../src/analysis/call-tellers.ts';
import { readRun } from '../../src/viewer/index.ts';
import { closeAtEnd, commandFile, ensureBuilt, startModels, startProgram, testWith, type Models } from '../harness/index.ts';

const CLIENTS = 50;
/** Processes that want the cores all the time. */
const BUSY = 2 * availableParallelism();

let models: Models;

beforeAll(async () => {
  ensureBuilt();
  // Faster than any model.
  models = await startModels({ answersAll: true });
});

const script = `
ask() { exec curl -sS -o /dev/null "$OPENAI_BASE_URL/chat/completions" -H 'content-type: application/json' \\
  -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}'; }
for number in $(seq ${CLIENTS}); do
  ask &
  echo $! >> pids
  [ $((number % 10)) -ne 0 ] || wait
done
wait
`;

testWith('curl', `${CLIENTS} clients that live for one call, ten at a time on busy cores, each own theirs`, async () => {
  const busy = Array.from({ length: BUSY }, () => spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }));
  closeAtEnd(() => busy.forEach((each) => each.kill('SIGKILL')));
  const running = startProgram({
    file: commandFile,
    preload: 'none',
    files: { 'swarm.sh': script },
    args: ['run', '--gateway', '--quiet', '--', 'bash', 'swarm.sh'],
    env: models.env,
  });
  expect(await running.finished).toMatchObject({ code: 0 });
  const { llm } = factsOf(readRun(join(running.home, '.local/share/swarmscope'), 'latest'));
  expect(new Set([...llm.calls].map(({ row }) => row.attributes['swarmscope.observer.name']))).toEqual(new Set(['gateway']));
  // Each names it as its `process.pid`.
  const pids = readFileSync(join(running.folder, 'pids'), 'utf8').trimEnd().split('\n').map(Number);
  expect([...llm.calls].map(processOf).sort()).toEqual(pids.sort());
});
