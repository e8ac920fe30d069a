// One call that two tell: a real Claude Code, started by its path and so past the script that gives it its own address back, goes
// through the gateway and sends its own telemetry as well.
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { tellerOf } from '../../src/analysis/call-tellers.ts';
import { factsOf } from '../../src/analysis/facts.ts';
import type { RunReport } from '../../src/analysis/index.ts';
import { readRun } from '../../src/viewer/index.ts';
import { commandFile, ensureBuilt, freshFolder, startModels, startProgram, type Models } from '../harness/index.ts';
import { installRealClis } from '../real-clis/install.ts';

const USAGE = { input_tokens: 1_000, output_tokens: 20 };
/** Whose a connection is has to be found while it is open: a busy machine needs as much longer. */
const answerMs = (): number => Math.min(5_000, 200 * Math.max(1, (loadavg()[0] as number) / availableParallelism()));

let models: Models;
let claude: string;
let asked = 0;

beforeAll(async () => {
  ensureBuilt();
  claude = installRealClis().claude;
  models = await startModels({ answersAll: false });
  models.mock.on({ predicate: () => true }, async (request) => {
    asked += 1;
    await setTimeout(answerMs());
    if (request.messages.some(({ role }) => role === 'tool')) return { content: 'done', usage: USAGE };
    const toolCalls = [{ id: 'toolu_1', name: 'Bash', arguments: JSON.stringify({ command: 'true', description: 'does nothing' }) }];
    return { content: 'working', toolCalls, usage: USAGE };
  });
});

test("two calls of a claude are two, each told by the gateway and by the agent, and the agent's", async () => {
  const json = join(freshFolder('report'), 'report.json');
  const running = startProgram({
    file: commandFile,
    preload: 'none',
    args: ['run', '--gateway', '--quiet', '--json', json, '--', claude, '-p', 'do it', '--allowedTools', 'Bash'],
    env: { ...models.env, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
  });
  expect(await running.finished).toMatchObject({ code: 0, stdout: 'done\n' });
  const report = JSON.parse(readFileSync(json, 'utf8')) as RunReport;
  expect(asked).toBe(2);
  expect(report.usage).toMatchObject({ calls: 2, tokens: { input: 2_000, output: 40 } });
  expect(report.agents).toMatchObject([{ calls: 2, tokens: { input: 2_000, output: 40 } }]);
  const { llm } = factsOf(readRun(join(running.home, '.local/share/swarmscope'), 'latest'));
  const tellers = [...llm.calls].map((call) => [tellerOf(call), ...(llm.witnesses.get(call) ?? []).map(tellerOf).sort()]);
  // The gateway reads the bytes of the call itself, and what it says counts.
  for (const [counted, ...all] of tellers)
    expect({ counted, all }).toMatchObject({ counted: 'gateway', all: expect.arrayContaining(['agent', 'gateway']) });
});
