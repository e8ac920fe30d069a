/** `swarmscope run` sees agents and commands that no Node started: in the spans that leave, and in the report. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { JsonReport } from '../../src/cli/report/json.ts';
import { linuxProcesses } from '../../src/machine/process-table.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram, startSink, type ProgramResult } from '../harness/index.ts';
import { spansOf } from '../harness/received.ts';

ensureBuilt();
const onLinux = linuxProcesses() === undefined ? test.skip : test;

const AGENT = '#!/bin/sh\nsleep 1\nexit 3\n';

interface Ran extends ProgramResult {
  readonly report: JsonReport;
  readonly spans: ReturnType<typeof spansOf>;
}

/** A shell text as the program of a run, with `claude` and `codex` as programs that only sleep. */
async function run(
  text: string,
  env: Record<string, string> = {},
  claude = AGENT,
  program: readonly string[] = ['bash', 'swarm.sh'],
): Promise<Ran> {
  const json = join(freshFolder('report'), 'report.json');
  const sink = await startSink();
  const result = await runProgram({
    files: { 'swarm.sh': `chmod +x bin/*\n${text}`, 'bin/claude': claude, 'bin/codex': AGENT },
    preload: 'none',
    command: process.execPath,
    args: [commandFile, 'run', '--export', sink.url, '--json', json, '--', ...program],
    env,
  });
  await sink.close();
  return {
    ...result,
    report: JSON.parse(readFileSync(json, 'utf8')) as JsonReport,
    spans: [...new Map(spansOf(sink).map((span) => [span.spanId, span])).values()],
  };
}

onLinux('agents that a shell starts are agents of the report, each with a lane', async () => {
  const { report, spans, code } = await run('bin/claude -p a & bin/claude -p b & setsid bin/codex exec c & wait; exit 4');
  expect(code).toBe(4);
  expect(report.parallelism.occupants).toContainEqual({ kind: 'agent', count: 3 });
  expect(report.wallPath.byCategory.map(({ category }) => category)).not.toContain('wait:orchestrator');
  const agents = spans.filter(({ name }) => name.startsWith('invoke_agent '));
  expect(agents.map(({ name }) => name).sort()).toEqual(['invoke_agent claude', 'invoke_agent claude', 'invoke_agent codex']);
  const root = spans.find(({ parentSpanId }) => parentSpanId === undefined);
  for (const agent of agents) {
    expect(agent.parentSpanId).toBe(root?.spanId);
    const [own] = spans.filter(({ parentSpanId }) => parentSpanId === agent.spanId);
    expect(own?.attributes).toMatchObject({
      'process.pid': expect.any(Number),
      'swarmscope.process.executable.kind': 'agent',
      'swarmscope.process.observer': 'process_table',
      'swarmscope.process.cpu.time': expect.any(Number),
      'swarmscope.process.cpu.system.time': expect.any(Number),
      'swarmscope.process.below.count': expect.any(Number),
    });
  }
});

onLinux('what a preload or git tells of a process is not told again', async () => {
  const text = `node -e "
    const { spawn } = require('node:child_process');
    spawn('bin/claude', ['-p', 'hi']);
    spawn('sleep', ['1']);
  "; git init -q x; git -C x status --short; bin/codex exec c; sleep 1`;
  const { spans } = await run(text);
  const told = spans.filter(({ attributes }) => attributes['process.executable.name'] !== undefined).map(({ name }) => name);
  expect(told.filter((name) => name === 'claude')).toHaveLength(1);
  expect(told.filter((name) => name === 'sleep')).toHaveLength(2);
  expect(told.filter((name) => name === 'codex')).toHaveLength(1);
  expect(told.filter((name) => name === 'git')).toEqual([]);
  const git = spans.filter(({ name }) => name.startsWith('git '));
  expect(git.map(({ name, attributes }) => [name, attributes['swarmscope.git.caller.kind']]).sort()).toEqual([
    ['git init', 'shell'],
    ['git status', 'shell'],
  ]);
});

onLinux('git commands of an agent that a shell started stand below that agent, and say whether it ran them itself', async () => {
  const agent = '#!/bin/sh\ngit status --short\nsh -c "git log; true"\nsleep 1\n';
  const { spans } = await run(`git init -q; printf '${agent}' > bin/claude; bin/claude -p a & wait`);
  const own = spans.find(({ name }) => name === 'claude');
  const git = spans.filter(({ name }) => /^git (?:status|log)$/.test(name));
  expect(git.map(({ name, parentSpanId, attributes }) => [name, parentSpanId, attributes['swarmscope.git.caller.kind']]).sort()).toEqual([
    ['git log', own?.spanId, 'shell'],
    ['git status', own?.spanId, 'agent'],
  ]);
});

onLinux('an agent that is the program, or stands behind a shell text, is one agent', async () => {
  const { spans } = await run('exec sh -c "cd . && bin/claude -p a; true"');
  expect(spans.filter(({ name }) => name === 'invoke_agent claude')).toHaveLength(1);
});

onLinux('commands too short to be seen are in the CPU time of who waited for them, and in that of the run', async () => {
  const short = "for i in $(seq 60); do sh -c 'i=0; while [ $i -lt 4000 ]; do i=$((i+1)); done'; done";
  // It tells what its own shell and its children used, as the kernel told it, and lives on until that was read.
  const agent = `#!/bin/bash\n${short}\ntimes > times.txt\nsleep 1.5\n`;
  const { report, stdout } = await run('bin/claude -p a; cat times.txt', {}, agent);
  // User and system time, of the shell itself and then of its children: 0m0.120s.
  const told = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds));
  const [own = NaN, , ofChildren = NaN, system = NaN] = told;
  expect(told).toHaveLength(4);
  expect(ofChildren).toBeGreaterThan(0.1);
  const [claude] = report.agents;
  expect(claude?.childCpuSeconds).toBeCloseTo(ofChildren + system, 1);
  expect(report.children.cpuSeconds).toBeGreaterThanOrEqual(own + ofChildren + system - 0.1);
});

const twoOfOneText = 'chmod +x bin/*; bin/claude -p a & bin/claude -p b & wait';

onLinux.each<[title: string, program: readonly string[]]>([
  ['the program', ['sh', '-c', twoOfOneText]],
  ['a child of Node', ['node', '-e', `require('node:child_process').spawn('sh', ['-c', '${twoOfOneText}'], { stdio: 'inherit' })`]],
])('two agents of the text of one shell, which is %s, are two', async (_title, program) => {
  const { report, spans } = await run('', {}, AGENT, program);
  expect(report.agents.map(({ name, parent }) => [name, parent])).toEqual([
    ['claude', undefined],
    ['claude', undefined],
  ]);
  expect(new Set(report.agents.map(({ pid }) => pid)).size).toBe(2);
  expect(spans.filter(({ name }) => name === 'invoke_agent claude')).toHaveLength(2);
});

onLinux('switched off, nothing is looked at', async () => {
  const { spans } = await run('bin/claude -p a', { SWARMSCOPE_PROCESS_TREE: 'false' });
  expect(spans.filter(({ name }) => name.startsWith('invoke_agent '))).toEqual([]);
});
