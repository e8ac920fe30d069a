// Agents whose telemetry does not come: their calls are known by the session files that they write, and belong to the right process.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ensureBuilt, freshFolder } from '../harness/index.ts';
import { describeWithCli, installRealClis } from '../real-clis/install.ts';
import { expectSameProgram } from './agreement.ts';
import { startModelServer, type ModelServer } from './model-server.ts';
import { runBare, runObserved, type Observed, type Outcome, type Swarm } from './swarm.ts';

const programs = join(import.meta.dirname, 'programs');

let server: ModelServer;
beforeAll(async () => {
  ensureBuilt();
  server = await startModelServer();
});

function binWith(name: string, program: string): string {
  const bin = join(freshFolder('bin'), 'bin');
  mkdirSync(bin);
  symlinkSync(program, join(bin, name));
  return `${bin}:${process.env['PATH'] ?? ''}`;
}

/** Each agent of the program's log has the calls and tokens that the server counted under its name. */
function expectOwnCalls({ report, noted, server: { byName } }: Observed): void {
  const told = noted.filter(({ kind }) => kind === 'agent').toSorted((a, b) => a.pid - b.pid);
  const seen = report.agents.toSorted((a, b) => (a.pid ?? 0) - (b.pid ?? 0));
  const figures = seen.map(({ pid, calls, tokens: { input, output }, models }) => ({ pid, calls, input, output, models }));
  expect(figures).toEqual(
    told.map(({ name, pid }) => {
      const { calls, inputTokens: input, outputTokens: output, models = {} } = byName.get(name) ?? {};
      return { pid, calls, input, output, models: Object.keys(models) };
    }),
  );
}

describe('four claude', () => {
  let swarm: Swarm;
  let bare: Outcome;
  beforeAll(async () => {
    swarm = {
      command: ['bash', join(programs, 'claude.sh'), 's1', 's2', 's3', 's4'],
      env: { PATH: binWith('claude', installRealClis().claude) },
    };
    bare = await runBare(swarm, server);
  });

  test('whose telemetry is off are known by their files alone, with the bill that each of them makes itself', async () => {
    const seen = await runObserved({ ...swarm, env: { ...swarm.env, SWARMSCOPE_AGENTS: 'off' } }, [], server);
    expectSameProgram(seen, bare);
    expectOwnCalls(seen);
    for (const { knownBy, sessionBy } of seen.report.agents) {
      expect(knownBy).toEqual(['session file']);
      expect(sessionBy).not.toBe('folder');
    }
    const bill = [...seen.bills.values()].reduce((sum, { costUsd }) => sum + costUsd, 0);
    expect(seen.report.usage.cost.amount).toBeCloseTo(bill, 8);
  });

  test('whose telemetry comes are told once, and by both', async () => {
    const seen = await runObserved(swarm, [], server);
    expectOwnCalls(seen);
    expect(seen.report.usage.disagreements).toEqual([]);
    for (const { knownBy } of seen.report.agents) expect(knownBy).toEqual(['agent', 'session file']);
  });

  test('that tell metrics alone, as where the user has switched the other signals off, have their own tokens and bills', async () => {
    const telling = [
      'unset BETA_TRACING_ENDPOINT ENABLE_BETA_TRACING_DETAILED',
      'export OTEL_METRICS_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=http/json OTEL_EXPORTER_OTLP_ENDPOINT=$SWARMSCOPE_ENDPOINT',
      'exec "$@"',
    ];
    const command = ['bash', '-c', telling.join('; '), 'bash', ...swarm.command];
    const env = { ...swarm.env, SWARMSCOPE_SESSION_FILES: 'off', SWARMSCOPE_SHIMS: 'none' };
    const { report, noted, server: counts, bills } = await runObserved({ command, env }, [], server);
    expect(report.usage.calls).toBe(0);
    const figures = report.agents.map(({ pid, tokens: { input, output }, knownBy }) => ({ pid, input, output, knownBy }));
    const told = noted.filter(({ kind }) => kind === 'agent');
    const expected = told.map(({ name, pid }) => {
      const { inputTokens: input, outputTokens: output } = counts.byName.get(name) ?? {};
      return { pid, input, output, knownBy: ['metrics'] };
    });
    const byPid = (a: { pid?: number | undefined }, b: { pid?: number | undefined }): number => (a.pid ?? 0) - (b.pid ?? 0);
    expect(figures.sort(byPid)).toEqual(expected.sort(byPid));
    for (const { name, pid } of told)
      expect(report.agents.find((agent) => agent.pid === pid)?.cost.amount).toBeCloseTo(bills.get(name)?.costUsd ?? NaN, 8);
  });

  test('whose files are not to be read are known by nothing where telemetry is off', async () => {
    const env = { ...swarm.env, SWARMSCOPE_AGENTS: 'off', SWARMSCOPE_SESSION_FILES: 'off' };
    const seen = await runObserved({ ...swarm, env }, [], server);
    expect(seen.report.usage.calls).toBe(0);
    expect(seen.report.agents.map(({ knownBy, sessionBy }) => [knownBy, sessionBy])).toEqual(Array(4).fill([[], undefined]));
  });
});

describeWithCli('codex', (program) => {
  const settings = (url: string): string => `model = "gpt-4o-mini"
model_provider = "mock"
[model_providers.mock]
name = "mock"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
[otel]
exporter = "none"`;
  const swarmOf = (): Swarm => ({
    command: [
      ...['bash', join(programs, 'agent.sh'), 'c1', 'codex', 'exec', '--skip-git-repo-check'],
      '--dangerously-bypass-approvals-and-sandbox',
    ],
    env: { PATH: binWith('codex', program), CODEX_SETTINGS: settings(server.url) },
  });

  test('whose telemetry its user has switched off is known by the file that its process holds open', async () => {
    const swarm = swarmOf();
    const seen = await runObserved(swarm, [], server);
    expectSameProgram({ ...seen, stdout: '' }, { ...(await runBare(swarm, server)), stdout: '' });
    expectOwnCalls(seen);
    expect(seen.report.agents).toMatchObject([{ name: 'codex', knownBy: ['session file'], sessionBy: 'file' }]);
  });
});
