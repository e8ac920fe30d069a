// Every command of the pages about swarms in shells and in Python, as a reader would run it, and what the page says of it.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { commandFile, ensureBuilt, freshFolder, runProgram } from '../harness/index.ts';
import { repository } from '../harness/paths.ts';
import { installPython } from '../python/install.ts';
import { installRealClis } from '../real-clis/install.ts';

/** What the report of a command says, in the order of the page. */
interface Said {
  readonly line: string;
  /** Exact beginnings or parts of the printed report or of stdout. */
  readonly calls?: number;
  readonly stdout?: string;
}

const models = 'node examples/models/run.mjs ';
const swarm = 'python examples/python-swarm/swarm.py';
const merged = 'merged: cart.txt prices.txt search.txt stock.txt \n';

const pages: Readonly<Record<string, readonly Said[]>> = {
  'docs/shell-swarms.md': [
    { line: 'swarmscope run -- examples/shell-swarm/swarm.sh', calls: 8, stdout: merged },
    { line: `${models}swarmscope run --gateway -- examples/shell-swarm/swarm.sh`, calls: 8, stdout: merged },
    { line: 'swarmscope report --json -', stdout: '"schemaVersion"' },
  ],
  'docs/python-swarms.md': [
    { line: 'pip install -r examples/python-swarm/requirements.txt', stdout: 'already satisfied' },
    { line: `${models}swarmscope run --gateway -- ${swarm} threads`, calls: 4, stdout: '4 answers\n' },
    { line: `${models}swarmscope run --gateway -- ${swarm} asyncio`, calls: 4, stdout: '4 answers\n' },
    { line: `${models}swarmscope run --gateway -- ${swarm} langgraph`, calls: 5, stdout: '5 answers\n' },
    { line: `${models}swarmscope run -- opentelemetry-instrument ${swarm} threads`, calls: 4, stdout: '4 answers\n' },
    { line: `${models}swarmscope run -- opentelemetry-instrument ${swarm} langgraph`, calls: 5, stdout: '5 answers\n' },
    { line: `${models}swarmscope run --gateway -- opentelemetry-instrument ${swarm} langgraph`, calls: 5, stdout: '5 answers\n' },
    { line: `${models}swarmscope run -- ${swarm} threads`, calls: 0, stdout: '4 answers\n' },
  ],
};

let env: Readonly<Record<string, string>>;

beforeAll(() => {
  ensureBuilt();
  const bin = join(freshFolder('bin'), 'bin');
  mkdirSync(bin);
  symlinkSync(installRealClis().claude, join(bin, 'claude'));
  writeFileSync(join(bin, 'swarmscope'), `#!/bin/sh\nexec "${process.execPath}" "${commandFile}" "$@"\n`, { mode: 0o755 });
  const python = dirname(installPython(join(repository, 'examples/python-swarm/requirements.txt')));
  // One home for the lines of a page: the last asks for the run before it.
  const data = freshFolder('data');
  env = {
    PATH: `${bin}:${python}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    XDG_DATA_HOME: data,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  };
});

const linesOf = (page: string): string[] =>
  [...readFileSync(join(repository, page), 'utf8').matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block = '']) => block.trim().split('\n'));

describe.each(Object.entries(pages))('%s', (page, said) => {
  test('every command of the page is in the table of this test', () => {
    expect(linesOf(page)).toEqual(said.map(({ line }) => line));
  });

  test.each(said)('$line', async ({ line, calls, stdout = '' }) => {
    const result = await runProgram({ preload: 'none', command: 'bash', args: ['-c', line], cwd: repository, env });
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining(stdout) });
    if (calls === undefined) return;
    const asked = await runProgram({ preload: 'none', file: commandFile, args: ['report', '--json', '-'], env });
    const report = JSON.parse(asked.stdout) as { usage: { calls: number; isLowerBound: boolean }; agents: { calls: number }[] };
    expect(report.usage).toMatchObject({ calls, isLowerBound: false });
    if (page.includes('shell')) expect(report.agents.map((agent) => agent.calls)).toEqual([2, 2, 2, 2]);
  });
});
