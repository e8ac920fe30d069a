// Programs that no preload reaches, under `swarmscope run --gateway`: their calls are in the report, and they print what they
// print without it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { commandFile, ensureBuilt, freshFolder, runProgram, startModels, type Models } from '../harness/index.ts';

interface Report {
  readonly usage: {
    readonly calls: number;
    readonly models: readonly { readonly model: string; readonly calls: number; readonly tokens: { readonly output: number } }[];
  };
}

let models: Models;

beforeAll(async () => {
  ensureBuilt();
  models = await startModels({ answersAll: false });
  models.mock.onMessage(/[^]*/, { content: 'pong pong', usage: { input_tokens: 7, output_tokens: 3 } });
});

const shell = `
set -e
ask() { curl -sS --no-progress-meter "$@" -H 'content-type: application/json' -H 'authorization: Bearer secret-key-of-the-user'; }
ask "$OPENAI_BASE_URL/chat/completions" -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}' | grep -o '"content":"[^"]*"'
ask -N "$OPENAI_BASE_URL/chat/completions" \\
  -d '{"model":"gpt-4o-mini","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}' | grep -c '^data:'
python3 ask.py
`;
const python = `
import json, os, urllib.request
body = {"model": "claude-opus-4-5", "max_tokens": 100, "messages": [{"role": "user", "content": "hi"}]}
headers = {"content-type": "application/json", "x-api-key": "secret-key-of-the-user", "anthropic-version": "2023-06-01"}
request = urllib.request.Request(os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages", json.dumps(body).encode(), headers)
print(json.loads(urllib.request.urlopen(request).read())["content"])
`;
const node = `
const base = process.env.OPENAI_BASE_URL;
const { execFileSync } = require('node:child_process');
const ofChild = execFileSync('sh', ['-c', 'echo $OPENAI_BASE_URL'], { encoding: 'utf8' });
console.log('the app has', base === process.env.EXPECTED ? "the user's" : 'another', 'and its child', ofChild === base + '\\n' ? 'the same' : 'another');
`;

const files = { 'swarm.sh': shell, 'ask.py': python, 'app.cjs': node };

async function run(args: readonly string[], flags: readonly string[], env: Record<string, string> = {}) {
  const json = join(freshFolder('report'), 'report.json');
  const result = await runProgram({
    file: commandFile,
    preload: 'none',
    files,
    args: ['run', ...flags, '--json', json, '--quiet', '--', ...args],
    env: { ...models.env, ...env },
  });
  return { ...result, report: JSON.parse(readFileSync(json, 'utf8')) as Report };
}

test("curl's and urllib's calls are in the report with their tokens, and the program prints what it prints without the gateway", async () => {
  const bare = await run(['bash', 'swarm.sh'], []);
  const read = await run(['bash', 'swarm.sh'], ['--gateway']);
  expect([read.stdout, read.code]).toEqual([bare.stdout, bare.code]);
  expect(bare.report.usage.calls).toBe(0);
  expect(read.report.usage.calls).toBe(3);
  const told = read.report.usage.models.map(({ model, calls, tokens }) => [model, calls, tokens.output > 0]);
  expect(told.sort()).toEqual([
    ['claude-opus-4-5', 1, true],
    ['gpt-4o-mini', 2, true],
  ]);
  expect(JSON.stringify(read.report)).not.toContain('secret-key');
});

test("a Node program has the user's own addresses, since its wire is read, and its children have the gateway's", async () => {
  const { stdout, code } = await run(['node', 'app.cjs'], ['--gateway'], { EXPECTED: models.env['OPENAI_BASE_URL'] as string });
  expect({ stdout, code }).toEqual({ stdout: "the app has the user's and its child another\n", code: 0 });
});

test('a variable whose upstream does not answer is left alone, and that is said', async () => {
  const env = { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' };
  const { stdout, stderr } = await run(['sh', '-c', 'echo $OPENAI_BASE_URL; echo $ANTHROPIC_BASE_URL'], ['--gateway'], env);
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:1\/v1\nhttp:\/\/127\.0\.0\.1:\d+\/[\w-]{12}\/anthropic\n$/);
  expect(stderr).toContain('OPENAI_BASE_URL (127.0.0.1:1: ECONNREFUSED)');
});
