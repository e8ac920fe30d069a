/** Which program a command line runs, and whether it asks an agent to work. */
import { expect, test } from '@jest/globals';
import { classify } from '../../src/programs/classify.ts';

type Line = [title: string, file: string, args: readonly string[], executable: string, kind: string, agentName?: string];

const rows: Line[] = [
  ['a plain program', '/usr/bin/sleep', ['1'], 'sleep', 'other'],
  ['a build', '/usr/bin/make', ['all'], 'make', 'build'],
  ['tests by make', 'make', ['-j4', 'test'], 'make', 'test'],
  ['tests by cargo', 'cargo', ['test', '--release'], 'cargo', 'test'],
  ['a build by cargo', 'cargo', ['build'], 'cargo', 'build'],
  ['a package by cargo', 'cargo', ['add', 'serde'], 'cargo', 'package_manager'],
  ['tests by go', 'go', ['test', './...'], 'go', 'test'],
  ['tests by mvn', 'mvn', ['-q', 'clean', 'verify'], 'mvn', 'test'],
  ['a build by a wrapper of gradle', 'sh', ['./gradlew', 'assemble'], 'gradlew', 'build'],
  ["a package's tests", 'npm', ['test'], 'npm', 'test'],
  ["a package's script of tests", 'pnpm', ['run', 'test:unit'], 'pnpm', 'test'],
  ["a package's script of another name", 'npm', ['run', 'start'], 'npm', 'package_manager'],
  ['npx of a runner of tests', 'npx', ['jest', '--ci'], 'jest', 'test'],
  ['uv with pytest', 'uv', ['run', 'pytest', '-q'], 'pytest', 'test'],
  ['pytest as a module', '/venv/bin/python3.11', ['-m', 'pytest'], 'pytest', 'test'],
  ["node's own tests", 'node', ['--test', 'a.test.js'], 'node', 'test'],
  ['node with a compiler', 'node', ['/x/node_modules/.bin/tsc', '-p', '.'], 'tsc', 'build'],
  ['a server of models', '/usr/local/bin/ollama', ['serve'], 'ollama', 'model_server'],
  ['a client of such a server', 'ollama', ['run', 'llama3'], 'ollama', 'other'],
  ['vllm as a module', 'python3', ['-m', 'vllm.entrypoints.openai.api_server'], 'vllm', 'model_server'],
  ['an agent of PyPI by its #! line', '/venv/bin/python', ['/venv/bin/aider', '--yes'], 'aider', 'agent', 'aider'],
  ['an agent of npm by its #! line', 'node', ['/usr/local/bin/codex', 'exec', 'hi'], 'codex', 'agent', 'codex'],
  ["an agent's binary with its platform", '/x/codex-x86_64-unknown-linux-musl', ['exec'], 'codex', 'agent', 'codex'],
  ['goose at work', 'goose', ['run', '-t', 'hi'], 'goose', 'agent', 'goose'],
  ['the goose of databases', 'goose', ['postgres', 'up'], 'goose', 'other'],
  ['python with text', 'python3', ['-c', 'import os', '/venv/bin/aider'], 'python3', 'other'],
  ['python with a script', 'python3', ['swarm.py'], 'python3', 'other'],
  ['an agent by its path', '/home/me/.local/bin/claude', ['-p', 'hi'], 'claude', 'agent', 'claude'],
  ['an agent on Windows', 'C:\\Users\\me\\Claude.CMD', ['-p', 'hi'], 'claude', 'agent', 'claude'],
  ['git on Windows', 'C:\\Program Files\\Git\\bin\\Git.EXE', ['status'], 'git', 'git'],
  ['a name that nobody knows keeps its case', '/opt/MyTool.exe', [], 'MyTool', 'other'],
  ['an agent asked for its version', 'claude', ['--version'], 'claude', 'agent'],
  ['an agent as an MCP server', 'codex', ['mcp-server'], 'codex', 'agent'],
  ['npx with a package', 'npx', ['-y', '@anthropic-ai/claude-code', '-p', 'hi'], 'claude', 'agent', 'claude'],
  ['npx with a version', 'npx', ['--yes', '@openai/codex@0.50.0', 'exec'], 'codex', 'agent', 'codex'],
  ['npx with --package', 'npx', ['-p', '@anthropic-ai/claude-code', '--', 'claude', '-p'], 'claude', 'agent', 'claude'],
  ['npx with another program that is told of an agent', 'npx', ['cowsay', 'claude'], 'npx', 'package_manager'],
  ['npm exec', 'npm', ['exec', '--', '@google/gemini-cli'], 'gemini', 'agent', 'gemini'],
  ['npm install of an agent', 'npm', ['install', '@anthropic-ai/claude-code'], 'npm', 'package_manager'],
  ['pnpm dlx', 'pnpm', ['dlx', 'opencode-ai'], 'opencode', 'agent', 'opencode'],
  ['uvx', 'uvx', ['--from', 'aider-chat', 'aider'], 'aider', 'agent', 'aider'],
  ['env with an assignment', 'env', ['FOO=1', 'claude', '-p'], 'claude', 'agent', 'claude'],
  ['env with options', 'env', ['-i', '-u', 'HOME', 'A=b', 'git', 'status'], 'git', 'git'],
  ['timeout', 'timeout', ['-k', '5', '600', 'codex', 'exec'], 'codex', 'agent', 'codex'],
  ['nice', 'nice', ['-n', '10', 'node', 'x.js'], 'node', 'node'],
  ['a question for a program', 'sh', ['-c', 'command -v claude'], 'command', 'other'],
  ['a shell with one command', 'sh', ['-c', 'git status'], 'git', 'git'],
  ['a shell with several, an agent among them', 'sh', ['-c', 'cd x && claude -p "do it"'], 'claude', 'agent', 'claude'],
  ['a shell with several', '/bin/bash', ['-lc', 'cd x && make'], 'bash', 'shell'],
  ['a shell whose text only speaks of an agent', 'sh', ['-c', 'echo "a; claude -p x" \'| codex\''], 'echo', 'other'],
  ['a shell that substitutes', 'sh', ['-c', 'echo $(git status)'], 'sh', 'shell'],
  ['a shell that redirects', 'sh', ['-c', 'make > log'], 'sh', 'shell'],
  ['an agent in a pipe', 'sh', ['-c', 'cat prompt.md | claude -p > out.json'], 'claude', 'agent', 'claude'],
  ['an assignment before an agent', 'sh', ['-c', "ANTHROPIC_MODEL='x y' claude -p hi"], 'claude', 'agent', 'claude'],
  ['a shell in a shell', 'sh', ['-c', 'bash -c "npx -y @openai/codex exec"'], 'codex', 'agent', 'codex'],
  ['an escaped quote', 'sh', ['-c', 'echo "a \\" b; claude"'], 'echo', 'other'],
  ['cmd', 'C:\\Windows\\System32\\CMD.exe', ['/d', '/s', '/c', 'claude -p hi'], 'claude', 'agent', 'claude'],
  ['a shell that runs a file', 'bash', ['run.sh'], 'bash', 'shell'],
  ['a shell without its text', 'sh', ['-c'], 'sh', 'shell'],
  ['node with a script', 'node', ['worker.js'], 'node', 'node'],
  [
    "node with an agent's script",
    '/usr/bin/node',
    ['/app/node_modules/@anthropic-ai/claude-code/cli.js', '-p'],
    'claude',
    'agent',
    'claude',
  ],
  [
    'node with options before it',
    'node',
    ['--require', './hook.js', '--no-warnings', '/x/node_modules/@openai/codex/bin/codex.js', 'exec'],
    'codex',
    'agent',
    'codex',
  ],
  ['node with a link in .bin', 'node', ['/x/node_modules/.bin/claude', '-p'], 'claude', 'agent', 'claude'],
  ['node in a pnpm store', 'node', ['/x/node_modules/.pnpm/a@1/node_modules/@openai/codex/bin/codex.js'], 'codex', 'agent', 'codex'],
  ["node with a library of an agent's dependency", 'node', ['/x/node_modules/codex/node_modules/ws/index.js'], 'node', 'node'],
  ['node with text', 'node', ['-e', '1', '/x/node_modules/@openai/codex/bin/codex.js'], 'node', 'node'],
  ['node with a file called like an agent', 'node', ['/app/claude.js'], 'node', 'node'],
  ['an empty name', '', [], 'unknown', 'other'],
  ['a folder', '/', [], 'unknown', 'other'],
  ['a name that objects have by themselves', 'constructor', [], 'constructor', 'other'],
  ['npx of such a name', 'npx', ['__proto__'], 'npx', 'package_manager'],
  ['a runner of nothing', 'npx', [], 'npx', 'package_manager'],
  ['empty words', 'env', ['', 'claude'], 'claude', 'agent', 'claude'],
];

test.each(rows)('%s', (...[, file, args, executable, kind, agentName]: Line) => {
  expect(classify(file, args)).toEqual({ executable, kind, agentName });
});

test.each([
  ['beside each other', 'claude -p a & claude -p b & wait', 'sh'],
  ['one after the other', 'cd x && codex exec a && claude -p b', 'sh'],
  ['in a shell in a shell', 'bash -c "claude -p a & claude -p b"', 'bash'],
])('several agents of one shell text are none of them the shell: %s', (_title, text, executable) => {
  const first = text.includes('codex') ? 'codex' : 'claude';
  expect(classify('sh', ['-c', text])).toEqual({ executable, kind: 'shell', agentName: undefined, startsAgent: first });
});

test('an agent that is asked for its version first is one agent', () => {
  expect(classify('sh', ['-c', 'claude --version && claude -p a']).agentName).toBe('claude');
});

test('a prompt of a megabyte, an unclosed quote and endless nesting are classified at once', () => {
  const prompt = `cd x && claude -p '${'long; '.repeat(200_000)}`;
  expect(classify('sh', ['-c', prompt]).agentName).toBe('claude');
  expect(
    classify(
      'env',
      Array.from({ length: 10_000 }, () => 'env'),
    ).executable,
  ).toBe('env');
  expect(classify('x'.repeat(10_000), []).executable).toHaveLength(64);
});
