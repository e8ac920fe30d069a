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
