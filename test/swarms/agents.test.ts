// Agent programs from npm, started by bash without an account: the report against the counts of the model server.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { ensureBuilt, freshFolder } from '../harness/index.ts';
import { describeWithCli, type CliName } from '../real-clis/install.ts';
import { expectSameProgram } from './agreement.ts';
import { startModelServer, type ModelServer } from './model-server.ts';
import { runBare, runObserved, type Outcome, type Swarm } from './swarm.ts';

interface Agent {
  readonly name: CliName;
  /** The prompt follows. */
  readonly command: readonly string[];
  /** With which it asks the model server, and nobody whether it may. */
  env(url: string): Readonly<Record<string, string>>;
  readonly model: string;
  /** Who is among those that told of its calls, without and with the gateway. */
  readonly knownBy: readonly string[];
  readonly knownByGateway: readonly string[];
  /** US dollars a call: 700 tokens in, 30 out. undefined: what it tells by itself has no price. */
  readonly costOfCall: number | undefined;
  /** Calls that only the gateway is sure to see: it ends before it has sent all of its telemetry. */
  readonly mayMiss?: number;
  /** What the report counts as its git commands are those of its tools alone; of others some are the agent's own. */
  readonly isGitOfTools?: boolean;
}

const GPT_4O_MINI = (700 * 0.15 + 30 * 0.6) / 1e6;

const AGENTS: readonly Agent[] = [
  {
    name: 'copilot',
    command: ['copilot', '--allow-all-tools', '--no-color', '-p'],
    env: (url) => ({
      ...{ COPILOT_PROVIDER_BASE_URL: `${url}/v1`, COPILOT_PROVIDER_API_KEY: 'test', COPILOT_MODEL: 'gpt-4o-mini' },
      COPILOT_AUTO_UPDATE: 'false',
    }),
    model: 'gpt-4o-mini',
    knownBy: ['agent'],
    knownByGateway: ['gateway', 'agent'],
    // It names GitHub as the provider, who bills no tokens.
    costOfCall: undefined,
  },
  {
    name: 'gemini',
    command: ['gemini', '--skip-trust', '--yolo', '--model', 'gemini-3-flash-preview', '-p'],
    // At another address than Google's it asks how to sign in, unless its file says it.
    env: (url) => ({
      ...{ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: 'test' },
      AGENT_SETTINGS: '{"security":{"auth":{"selectedType":"gemini-api-key"}}}',
    }),
    model: 'gemini-3-flash-preview',
    knownBy: ['wire', 'agent'],
    knownByGateway: ['wire', 'agent'],
    isGitOfTools: true,
    costOfCall: (700 * 0.5 + 30 * 3) / 1e6,
  },
  {
    name: 'opencode',
    command: ['opencode', 'run', '--dangerously-skip-permissions'],
    env: (url) => ({
      ...{ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'test', OPENCODE_DISABLE_MODELS_FETCH: '1' },
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        ...{ model: 'openai/gpt-4o-mini', small_model: 'openai/gpt-4o-mini' },
        // Its spans of calls are an experiment of its own.
        ...{ experimental: { openTelemetry: true }, provider: { openai: { models: { 'gpt-4o-mini': {} } } } },
      }),
    }),
    model: 'gpt-4o-mini',
    knownBy: ['session file'],
    knownByGateway: ['gateway', 'session file'],
    costOfCall: GPT_4O_MINI,
    // The one that gives the session its title, which is no message of it.
    mayMiss: 1,
  },
  {
    name: 'qwen',
    command: ['qwen', '--auth-type', 'openai', '--yolo', '-p'],
    env: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'test', OPENAI_MODEL: 'gpt-4o-mini' }),
    model: 'gpt-4o-mini',
    knownBy: ['wire'],
    knownByGateway: ['wire'],
    costOfCall: GPT_4O_MINI,
  },
];

let server: ModelServer;
beforeAll(async () => {
  ensureBuilt();
  server = await startModelServer();
});

for (const agent of AGENTS)
  describeWithCli(agent.name, (program) => {
    let swarm: Swarm;
    let bare: Outcome;
    beforeAll(async () => {
      const bin = join(freshFolder('bin'), 'bin');
      mkdirSync(bin);
      symlinkSync(program, join(bin, agent.name));
      swarm = {
        command: ['bash', join(import.meta.dirname, 'programs/agent.sh'), 'a1', ...agent.command],
        env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, ...agent.env(server.url) },
      };
      bare = await runBare(swarm, server);
    });

    test.each([
      ['without the gateway', { flags: [], knownBy: agent.knownBy, mayMiss: agent.mayMiss ?? 0, costOfCall: agent.costOfCall }],
      ['with it', { flags: ['--gateway'], knownBy: agent.knownByGateway, mayMiss: 0, costOfCall: agent.costOfCall ?? GPT_4O_MINI }],
    ])('%s: one agent with its calls, tokens, cost and tool', async (_, { flags, knownBy, mayMiss, costOfCall }) => {
      const seen = await runObserved(swarm, flags, server);
      expectSameProgram(seen, bare);
      const { total } = seen.server;
      const [told] = seen.noted.filter(({ kind }) => kind === 'agent');
      const [found] = seen.report.agents;
      const calls = found?.calls ?? 0;
      expect(calls).toBeGreaterThanOrEqual(total.calls - mayMiss);
      expect(calls).toBeLessThanOrEqual(total.calls);
      expect(seen.report.agents).toEqual([
        expect.objectContaining({
          name: agent.name,
          pid: told?.pid,
          models: [agent.model],
          failedCalls: 0,
          tokens: expect.objectContaining({ input: 700 * calls, output: 30 * calls }),
          tools: total.tools,
          ...(agent.isGitOfTools === true ? { gitCommands: total.git } : {}),
          knownBy: expect.arrayContaining([...knownBy]),
        }),
      ]);
      expect(seen.report.usage.calls).toBe(calls);
      expect(found?.exitCode ?? 0).toBe(0);
      if (costOfCall === undefined) expect(found?.cost).toMatchObject({ pricedCalls: 0, unpricedCalls: calls });
      else expect(found?.cost.amount).toBeCloseTo(costOfCall * calls, 8);
    });
  });
