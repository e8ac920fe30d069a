// The real Claude Code, answered by a model on this machine: alone, and as a worker under `swarmscope run`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunReport } from '../../src/analysis/index.ts';
import { expectTrace, type ExpectedSpan } from '../harness/index.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram, startModels, startProgram, startSink, type Models } from '../harness/index.ts';
import { logsOf, metricPointsOf, spansOf } from '../harness/received.ts';
import { installRealClis, type RealClis } from './install.ts';

const quiet = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' };
const usage = { input_tokens: 1_000, output_tokens: 20 };

/** `SECRET...` marks content: it must be nowhere in what is stored. */
function playWorker({ mock }: Models): void {
  const command = 'git add -A && git commit -q -m SECRETMESSAGE';
  mock.addFixture({
    match: { userMessage: /SECRETPROMPT/, hasToolResult: false },
    response: {
      content: 'SECRETANSWER',
      toolCalls: [{ id: 'toolu_1', name: 'Bash', arguments: JSON.stringify({ command, description: 'SECRETDESCRIPTION' }) }],
      usage,
    },
  });
  mock.addFixture({ match: { hasToolResult: true }, response: { content: 'SECRETEND', usage } });
  mock.onMessage(/[^]*/, { content: 'pong' });
}

/** A repository with one commit and one change to commit. */
function newRepository(): string {
  const folder = freshFolder('repository');
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], { cwd: folder });
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  writeFileSync(join(folder, 'SECRETFILE.txt'), 'hello\n');
  return folder;
}

/** The swarm: starts one claude in the repository and ends as it ends. */
const program = `
import { spawn } from 'node:child_process';
const [form, repository] = process.argv.slice(2);
const args = ['-p', 'SECRETPROMPT: commit the change', '--allowedTools', 'Bash'];
const options = { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'] };
const words = args.map((word) => "'" + word + "'").join(' ');
const child = form === 'spawn' ? spawn('claude', args, options) : spawn('sh', ['-c', 'claude ' + words], options);
child.on('exit', (code) => { process.exitCode = code; });
`;

const chat = (finishReason: string): ExpectedSpan => ({
  name: /^chat claude-/,
  kind: 3,
  isError: false,
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.usage.input_tokens': 1_000,
    'gen_ai.usage.output_tokens': 20,
    'gen_ai.response.finish_reasons': [finishReason],
  },
});
const git = (operation: string): ExpectedSpan => ({
  name: `git ${operation}`,
  kind: 3,
  isError: false,
  attributes: { 'process.exit.code': 0, 'vcs.ref.head.name': 'main' },
});

const worker: ExpectedSpan = {
  name: 'invoke_workflow swarm',
  children: [
    {
      name: 'invoke_agent claude',
      kind: 1,
      isError: false,
      attributes: { 'gen_ai.agent.name': 'claude' },
      children: [
        {
          name: 'claude',
          kind: 3,
          attributes: { 'process.exit.code': 0, 'swarmscope.process.executable.kind': 'agent' },
          // What it asks git for itself differs from version to version.
          allowsOthers: true,
          children: [
            {
              name: 'claude_code.interaction',
              attributes: { 'gen_ai.operation.name': undefined },
              children: [
                chat('tool_call'),
                {
                  name: 'execute_tool Bash',
                  kind: 1,
                  attributes: { 'gen_ai.tool.name': 'Bash', 'gen_ai.tool.call.id': 'toolu_1' },
                  children: [
                    { name: 'claude_code.tool.blocked_on_user', attributes: { 'swarmscope.wait.reason': undefined } },
                    { name: 'claude_code.tool.execution', children: [git('add'), git('commit')] },
                  ],
                },
                chat('stop'),
              ],
            },
          ],
        },
      ],
    },
  ],
};

/** Every byte that a run left in its data folder. */
function storedBytes(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('claude', () => {
  let clis: RealClis;
  let models: Models;

  beforeAll(async () => {
    ensureBuilt();
    clis = installRealClis();
    models = await startModels({ answersAll: false });
    playWorker(models);
  });
  afterAll(() => models.close());

  test('answers one prompt without an account, a network or a home folder', async () => {
    const result = await runProgram({
      command: clis.claude,
      args: ['-p', 'ping'],
      preload: 'none',
      env: { ...models.env, ...quiet },
    });
    expect(result).toMatchObject({ stdout: 'pong\n', code: 0 });
    expect(models.mock.getRequests().some(({ path }) => path.startsWith('/v1/messages'))).toBe(true);
  });

  async function runWorker(form: 'spawn' | 'shell', env: Record<string, string> = {}) {
    const sink = await startSink();
    const bin = freshFolder('bin');
    mkdirSync(bin, { recursive: true });
    symlinkSync(clis.claude, join(bin, 'claude'));
    const reportFile = join(freshFolder('report'), 'report.json');
    const running = startProgram({
      preload: 'none',
      files: { 'swarm.mjs': program },
      file: commandFile,
      args: ['run', '--json', reportFile, '--export', sink.url, '--', process.execPath, 'swarm.mjs', form, newRepository()],
      env: { ...models.env, ...quiet, PATH: `${bin}:${process.env['PATH'] ?? ''}`, ...env },
    });
    const result = await running.finished;
    await sink.close();
    expect(result).toMatchObject({ code: 0, stdout: 'SECRETEND\n' });
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as RunReport;
    return { sink, report, result, stored: storedBytes(join(running.home, '.local/share')) };
  }

  test.each(['spawn', 'shell'] as const)(
    'started by %s under `swarmscope run` is one agent in the trace, with its calls, its tool and the git commands of the tool',
    async (form) => {
      const { sink, report, stored, result } = await runWorker(form);
      expectTrace(spansOf(sink), worker);
      expect(logsOf(sink).map(({ eventName }) => eventName)).toEqual(expect.arrayContaining(['api_request', 'tool_result']));
      // Each token once, although Claude tells of it by span, log and metric, and in the session file that it writes.
      expect(report.usage).toMatchObject({
        calls: 2,
        duplicates: 2,
        disagreements: [],
        tokens: { input: 2_000, output: 40 },
        cost: { currency: 'USD' },
      });
      expect(report.usage.cost).toMatchObject({ pricedCalls: 2, unpricedCalls: 0 });
      const theirs = metricPointsOf(sink).filter(({ name }) => name === 'claude_code.cost.usage');
      expect(report.usage.cost.amount).toBeCloseTo(
        theirs.reduce((sum, { value }) => sum + value, 0),
        10,
      );
      expect(report.git).toMatchObject({ count: 2 });
      expect(report.git.housekeeping).toBeGreaterThan(0);
      expect(report.trouble.errors).toEqual([]);
      expect(stored).toContain('execute_tool Bash');
      expect(stored).not.toContain('SECRET');
      expect(result.stderr).not.toContain('SECRET');
    },
  );

  test('leaves no prompt or command in the store though it would send them, and sends to its run wherever the app exports to', async () => {
    const { stored, report } = await runWorker('spawn', {
      OTEL_LOG_USER_PROMPTS: '1',
      OTEL_LOG_ASSISTANT_RESPONSES: '1',
      OTEL_LOG_TOOL_DETAILS: '1',
      OTEL_LOG_TOOL_CONTENT: '1',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    });
    expect(report.usage.calls).toBe(2);
    expect(stored).not.toContain('SECRET');
  });
});
