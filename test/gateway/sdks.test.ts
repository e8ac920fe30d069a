// Real SDKs of Node through the gateway, with the preload and without it: one call is one call, as the model server counts, and
// the program prints what it prints alone. Those of Python and Go are in test/swarms.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { factsOf } from '../../src/analysis/facts.ts';
import { processOf } from '../../src/analysis/call-tellers.ts';
import { readRun } from '../../src/viewer/index.ts';
import { commandFile, ensureBuilt, freshFolder, startModels, startProgram, type Models } from '../harness/index.ts';
import { installLlmSdks } from '../llm/install.ts';

const program = join(import.meta.dirname, 'programs/sdks.cjs');
/** In the words of all of them. */
const USAGE = { prompt_tokens: 700, completion_tokens: 30, input_tokens: 700, output_tokens: 30 };

let models: Models;
let sdks: string;
let asked: string[] = [];

beforeAll(async () => {
  ensureBuilt();
  sdks = installLlmSdks();
  models = await startModels({ answersAll: false });
  models.mock.on({ predicate: () => true }, (request) => {
    asked.push(request.model);
    return { content: 'pong pong', usage: USAGE };
  });
});

interface Report {
  readonly usage: {
    readonly calls: number;
    readonly tokens: { readonly input: number; readonly output: number };
    readonly models: readonly { readonly model: string; readonly calls: number }[];
    readonly cost: { readonly pricedCalls: number };
  };
}

async function run(how: 'alone' | 'preload' | 'no preload') {
  asked = [];
  const json = join(freshFolder('report'), 'report.json');
  const node = how === 'preload' ? 'exec node' : 'unset NODE_OPTIONS; exec node';
  const swarm = ['sh', '-c', `echo $$ > pid; ${node} "$0" "$1"`, program, sdks];
  const running = startProgram({
    preload: 'none',
    ...(how === 'alone'
      ? { command: 'sh', args: swarm.slice(1) }
      : { file: commandFile, args: ['run', '--gateway', '--quiet', '--json', json, '--', ...swarm] }),
    env: { ...models.env, GOOGLE_GEMINI_BASE_URL: models.url, OLLAMA_HOST: models.url },
  });
  const { stdout, stderr, code } = await running.finished;
  const printed = { stdout, code, asked: asked.toSorted() };
  const report = (): Report => JSON.parse(readFileSync(json, 'utf8')) as Report;
  const owners = (): unknown[] => {
    const { llm } = factsOf(readRun(join(running.home, '.local/share/swarmscope'), 'latest'));
    return [...llm.calls].map(processOf);
  };
  return { printed, stderr, report, owners, pid: Number(readFileSync(join(running.folder, 'pid'), 'utf8')) };
}

test.each(['no preload', 'preload'] as const)(
  'openai, @anthropic-ai/sdk, @google/genai and ollama through the gateway, %s',
  async (how) => {
    const alone = await run('alone');
    const seen = await run(how);
    expect(seen.printed).toEqual(alone.printed);
    expect(alone.printed.code).toBe(0);
    const answers = alone.printed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { who: string; text: string; input: number; output: number });
    expect(answers.map(({ text }) => text)).toEqual(answers.map(() => 'pong pong'));
    expect(answers.length).toBe(alone.printed.asked.length);
    const sumOf = (name: 'input' | 'output'): number => answers.reduce((sum, answer) => sum + answer[name], 0);
    const { usage } = seen.report();
    expect({ calls: usage.calls, tokens: usage.tokens }).toMatchObject({
      calls: answers.length,
      tokens: { input: sumOf('input'), output: sumOf('output') },
    });
    expect(usage.models.flatMap(({ model, calls }) => Array.from({ length: calls }, () => model)).sort()).toEqual(alone.printed.asked);
    expect(seen.owners()).toEqual(answers.map(() => seen.pid));
  },
);
