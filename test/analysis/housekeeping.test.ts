/** The git commands that an agent CLI runs for itself are told apart from those of its work. */
import { expect, it } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import * as words from '../../src/semconv/index.ts';
import { agent, child, git, llm, run, span, tool } from './hand-built.ts';

const failed = { [words.ATTR_ERROR_TYPE]: '128' };
const process = child('claude', words.SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT);
const start = [
  span({ id: 'a', from: 0, to: 10, attributes: agent() }),
  span({ id: 'p', parent: 'a', from: 0, to: 10, attributes: process }),
  span({ id: 'g1', parent: 'p', from: 1, to: 2, isError: true, attributes: git('log', failed) }),
];

it('leaves what an agent ran for itself out of the counts of git and of errors', () => {
  const report = analyse(
    run(10, [
      ...start,
      span({ id: 'l', parent: 'p', from: 2, to: 4, attributes: llm() }),
      span({ id: 't', parent: 'p', from: 4, to: 8, attributes: tool('Bash') }),
      span({ id: 'g2', parent: 't', from: 5, to: 6, attributes: git('commit') }),
    ]),
  );
  expect(report.git).toMatchObject({ count: 1, housekeeping: 1 });
  expect(report.git.operations.map(({ name }) => name)).toEqual(['commit']);
  expect(report.trouble.errors).toEqual([]);
  expect(report.slowest[0]).toMatchObject({ failedCommands: 0 });
});

it('counts all git commands of an agent that does not record its tools as its work', () => {
  const report = analyse(run(10, start));
  expect(report.git).toMatchObject({ count: 1, housekeeping: 0 });
  expect(report.trouble.errors).toEqual([{ type: '128', about: 'exit code 128', count: 1 }]);
});

/** What the process table and git say of who started the command. */
const by = (kind: string): Record<string, string> => ({ [words.ATTR_SWARMSCOPE_GIT_CALLER_KIND]: kind });
const [fromAgent, fromShell] = [by('agent'), by('shell')];
const told = span({ id: 'l', parent: 'p', from: 2, to: 4, scope: 'com.anthropic.claude_code', attributes: llm() });
const [agentSpan, processSpan] = start.slice(0, 2) as [(typeof start)[number], (typeof start)[number]];

it('tells a command of the agent itself from one that a shell of its tools ran and handed nothing on to', () => {
  const report = analyse(
    run(10, [
      agentSpan,
      processSpan,
      told,
      span({ id: 'g1', parent: 'p', from: 1, to: 2, attributes: git('status', fromAgent) }),
      span({ id: 'g2', parent: 'p', from: 5, to: 6, attributes: git('commit', fromShell) }),
    ]),
  );
  expect(report.git).toMatchObject({ count: 1, housekeeping: 1 });
  expect(report.agents[0]?.gitCommands).toBe(1);
});

it('counts what an agent commits itself, where only the gateway told of its calls', () => {
  const seen = llm({ [words.ATTR_PROCESS_PID]: 7 });
  const report = analyse(
    run(10, [
      agentSpan,
      processSpan,
      span({ id: 'l', parent: 'p', from: 2, to: 4, attributes: seen }),
      span({ id: 'g1', parent: 'p', from: 5, to: 6, attributes: git('commit', fromAgent) }),
    ]),
  );
  expect(report.git).toMatchObject({ count: 1, housekeeping: 0 });
});

it('what an agent below tells is not told by the one above', () => {
  const report = analyse(
    run(10, [
      agentSpan,
      processSpan,
      span({ id: 'a2', parent: 'p', from: 2, to: 4, attributes: agent() }),
      span({ id: 'p2', parent: 'a2', from: 2, to: 4, attributes: process }),
      { ...told, parentSpanId: 'p2' },
      span({ id: 'g1', parent: 'p', from: 5, to: 6, attributes: git('commit', fromAgent) }),
      span({ id: 'g2', parent: 'p2', from: 3, to: 4, attributes: git('status', fromAgent) }),
    ]),
  );
  expect(report.git).toMatchObject({ count: 1, housekeeping: 1 });
});

it('a command of one of several agents, nobody knows which, is no work of the program', () => {
  const report = analyse(run(10, [agentSpan, processSpan, told, span({ id: 'g1', from: 1, to: 2, attributes: git('status', fromAgent) })]));
  expect(report.git).toMatchObject({ count: 0, housekeeping: 1 });
});
