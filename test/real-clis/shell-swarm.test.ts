// A shell script that starts four real Claude Codes, each in a folder of its own: what most swarms are.
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunReport, SpanRow } from '../../src/analysis/index.ts';
import { readRun } from '../../src/viewer/index.ts';
import { commandFile, ensureBuilt, freshFolder, startModels, startProgram, type Models } from '../harness/index.ts';
import { installRealClis } from './install.ts';

const WORKERS = 4;
const usage = { input_tokens: 1_000, output_tokens: 20 };
const quiet = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' };

let models: Models;
let bin: string;

beforeAll(async () => {
  ensureBuilt();
  bin = freshFolder('bin');
  symlinkSync(installRealClis().claude, join(bin, 'claude'));
  models = await startModels({ answersAll: false });
  const command = 'sleep 0.3; git status';
  models.mock.addFixture({
    match: { userMessage: /WORK/, hasToolResult: false },
    response: {
      content: 'working',
      toolCalls: [{ id: 'toolu_1', name: 'Bash', arguments: JSON.stringify({ command, description: 'x' }) }],
      usage,
    },
  });
  models.mock.addFixture({ match: { hasToolResult: true }, response: { content: 'END', usage } });
  models.mock.onMessage(/[^]*/, { content: 'pong' });
});
afterAll(() => models.close());

const SWARM = `for n in 1 2 3 4; do
  mkdir -p w$n && (cd w$n && git init -q . && claude -p "WORK $n" --allowedTools Bash) &
done
wait
`;

async function runSwarm(env: Readonly<Record<string, string>> = {}): Promise<{ report: RunReport; spans: readonly SpanRow[] }> {
  const folder = freshFolder('swarm');
  writeFileSync(join(folder, 'swarm.sh'), SWARM);
  const reportFile = join(folder, 'report.json');
  const before = models.mock.getRequests().length;
  const running = startProgram({
    preload: 'none',
    file: commandFile,
    args: ['run', '--quiet', '--json', reportFile, '--', 'sh', 'swarm.sh'],
    cwd: folder,
    env: { ...models.env, ...quiet, PATH: `${bin}:${process.env['PATH'] ?? ''}`, ...env },
  });
  const result = await running.finished;
  expect(result).toMatchObject({ code: 0, stdout: 'END\n'.repeat(WORKERS) });
  const asked = models.mock.getRequests().slice(before);
  expect(asked.filter(({ path }) => path.startsWith('/v1/messages'))).toHaveLength(2 * WORKERS);
  const { spans } = readRun(join(running.home, '.local/share/swarmscope'), 'latest');
  return { report: JSON.parse(readFileSync(reportFile, 'utf8')) as RunReport, spans };
}

/** Calls by the process of their agent, which the connection and the process table name alike. */
function callsByAgent(spans: readonly SpanRow[]): number[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const isProcess = (span: SpanRow): boolean => span.attributes['swarmscope.process.observer'] !== undefined;
  const agents = spans.filter((span) => isProcess(span) && span.attributes['swarmscope.process.executable.kind'] === 'agent');
  const pids = new Set(agents.map(({ attributes }) => attributes['process.pid']));
  const calls = new Map<unknown, number>();
  // As their telemetry tells them: the session files tell the same ones.
  const told = spans.filter(({ scopeName }) => scopeName !== 'swarmscope.sessions');
  for (const span of told.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat')) {
    expect(pids).toContain(span.pid);
    let above: SpanRow | undefined = span;
    while (above !== undefined && !isProcess(above)) above = byId.get(above.parentSpanId ?? '');
    // On a machine that is busy beyond measure Claude ends without having sent the last span above its calls.
    if (above !== undefined) expect(above.attributes['process.pid']).toBe(span.pid);
    calls.set(span.pid, (calls.get(span.pid) ?? 0) + 1);
  }
  return [...calls.values()];
}

test('its four agents have their own calls, tokens and tools, although all carry the same place in the trace', async () => {
  const { report, spans } = await runSwarm();
  expect(callsByAgent(spans)).toEqual(Array(WORKERS).fill(2));
  expect(report.usage).toMatchObject({
    calls: 2 * WORKERS,
    duplicates: 2 * WORKERS,
    disagreements: [],
    tokens: { input: 2_000 * WORKERS, output: 40 * WORKERS },
  });
  expect(report.agents.filter(({ calls: made }) => made === 2)).toHaveLength(WORKERS);
});

test('the same holds without the scripts in front of PATH, by what every program is told', async () => {
  const { report, spans } = await runSwarm({ SWARMSCOPE_SHIMS: 'none' });
  expect(callsByAgent(spans)).toEqual(Array(WORKERS).fill(2));
  expect(report.usage).toMatchObject({ calls: 2 * WORKERS, duplicates: 2 * WORKERS, tokens: { input: 2_000 * WORKERS } });
});
