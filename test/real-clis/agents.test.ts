// Real agent CLIs, answered by a model on this machine and started by a shell script under `swarmscope run`.
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunReport } from '../../src/analysis/index.ts';
import { commandFile, ensureBuilt, freshFolder, startModels, startProgram, type Models } from '../harness/index.ts';
import { describeWithCli, type CliName } from './install.ts';

const usage = { input_tokens: 1_000, output_tokens: 20 };

interface Agent {
  readonly name: CliName;
  /** The tool that the model asks for, and its arguments. */
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Before it: settings that it needs in order to work without an account. `$MODELS` is the address of the model. */
  readonly settings: string;
  readonly command: string;
}

const AGENTS: readonly Agent[] = [
  {
    name: 'codex',
    tool: 'exec_command',
    args: { cmd: 'echo SECRETCOMMAND' },
    settings: `mkdir -p "$HOME/.codex" && cat > "$HOME/.codex/config.toml" <<END
model = "gpt-5.5"
model_provider = "mock"
[model_providers.mock]
name = "mock"
base_url = "$MODELS/v1"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
END`,
    command: 'codex exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox "SECRETPROMPT go"',
  },
];

/** Every byte that a run left in its data folder. */
function storedBytes(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

for (const { name, tool, args, settings, command } of AGENTS)
  describeWithCli(name, (program) => {
    let models: Models;

    beforeAll(async () => {
      ensureBuilt();
      models = await startModels({ answersAll: false });
      const call = { id: 'call_1', name: tool, arguments: JSON.stringify(args) };
      models.mock.addFixture({
        match: { userMessage: /SECRETPROMPT/, hasToolResult: false },
        response: { content: 'SECRETANSWER', toolCalls: [call], usage },
      });
      models.mock.addFixture({ match: { hasToolResult: true }, response: { content: 'SECRETEND', usage } });
      models.mock.onMessage(/[^]*/, { content: 'pong', usage });
    });
    afterAll(() => models.close());

    test('started by a shell script is seen with its calls, tokens, money and tool, and nothing that it was told or told', async () => {
      const bin = freshFolder('bin');
      mkdirSync(bin, { recursive: true });
      symlinkSync(program, join(bin, name));
      const reportFile = join(freshFolder('report'), 'report.json');
      const running = startProgram({
        preload: 'none',
        files: { 'swarm.sh': `MODELS=${models.url}\n${settings}\n${command}\n` },
        file: commandFile,
        args: ['run', '--json', reportFile, '--', 'bash', 'swarm.sh'],
        env: { ...models.env, TERM: 'dumb', PATH: `${bin}:${process.env['PATH'] ?? ''}` },
      });
      const { code, stdout } = await running.finished;
      expect([code, stdout]).toEqual([0, expect.stringContaining('SECRETEND')]);
      const { usage: used } = JSON.parse(readFileSync(reportFile, 'utf8')) as RunReport;
      const asked = models.mock.getRequests().filter(({ method }) => method === 'POST').length;
      // What a busy machine breaks is asked again: such an attempt used nothing.
      const answered = used.tokens.output === undefined ? 0 : used.tokens.output / usage.output_tokens;
      expect({ answered, input: used.tokens.input, tools: used.tools.executions, duplicates: used.duplicates }).toEqual({
        answered: asked,
        input: asked * usage.input_tokens,
        tools: 1,
        // The session file tells each of them as well.
        duplicates: asked,
      });
      expect(used.cost).toMatchObject({ pricedCalls: asked, currency: 'USD' });
      const stored = storedBytes(join(running.home, '.local/share'));
      expect(stored).toContain('gen_ai.usage.output_tokens');
      expect(stored).not.toContain('SECRET');
    });
  });
