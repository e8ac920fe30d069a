// What an agent CLI was asked, and which of its processes are one agent.
import { describe, expect, test } from '@jest/globals';
import { isRelaunch, operandsOf } from '../../src/programs/invocation.ts';

describe('what follows the program of an agent', () => {
  test.each([
    ['codex', ['node', '/usr/bin/codex', 'exec', 'hi'], ['exec', 'hi']],
    ['codex', ['/opt/codex-x86_64-unknown-linux-musl', 'exec'], ['exec']],
    ['copilot', ['node', '/lib/node_modules/@github/copilot/npm-loader.js', '-p', 'hi'], ['-p', 'hi']],
    ['qwen', ['node', '--max-old-space-size=4096', '/lib/node_modules/@qwen-code/qwen-code/cli.js', '-p', 'hi'], ['-p', 'hi']],
  ])('%s: %j', (agent, args, operands) => {
    expect(operandsOf(args, agent)).toEqual(operands);
  });
});

describe('a program that an agent starts', () => {
  const launcher = ['/usr/bin/node', '/usr/bin/copilot', '-p', 'hi'];
  test.each([
    ['the binary of its package, asked the same', ['/lib/node_modules/@github/copilot-linux-x64/copilot', '-p', 'hi'], true],
    ['itself with options of Node', ['/usr/bin/node', '--no-warnings', '/usr/bin/copilot', '-p', 'hi'], true],
    ['itself, asked something else', ['/usr/bin/copilot', '-p', 'other'], false],
    ['another agent', ['/usr/bin/codex', '-p', 'hi'], false],
    ['a shell that starts it', ['/bin/sh', '-c', 'copilot -p hi'], false],
  ])('%s', (_title, child, expected) => {
    expect(isRelaunch(launcher, child)).toBe(expected);
  });
});
