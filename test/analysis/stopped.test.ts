/** Processes and agents that were asked to end: who asked, and how they said that they did, decides whether they failed. */
import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import type { Attributes, RunRow } from '../../src/analysis/model.ts';
import * as words from '../../src/semconv/index.ts';
import { child, run, span } from './hand-built.ts';

const type = (name: string) => ({ [words.ATTR_ERROR_TYPE]: name });
const coded = (code: number) => ({ [words.ATTR_PROCESS_EXIT_CODE]: code, ...type(String(code)) });
const signalled = (name: string) => ({ [words.ATTR_SWARMSCOPE_PROCESS_SIGNAL]: name });
const agent = (more: object): Attributes => ({
  [words.ATTR_GEN_AI_OPERATION_NAME]: 'invoke_agent',
  [words.ATTR_GEN_AI_AGENT_NAME]: 'claude',
  ...more,
});

/** An agent that is the only process of a run which ended so. */
function ended(of: Attributes, ofAgent: object, how: Partial<RunRow> = {}, ofRun: Attributes = {}) {
  const data = run(10, [
    span({ id: 'r', from: 0, to: 10, attributes: { [words.ATTR_GEN_AI_OPERATION_NAME]: 'invoke_workflow', ...ofRun } }),
    span({ id: 'a', parent: 'r', from: 0, to: 9, isError: Object.hasOwn(ofAgent, words.ATTR_ERROR_TYPE), attributes: agent(ofAgent) }),
    span({
      id: 'p',
      parent: 'a',
      from: 0,
      to: 9,
      isError: Object.hasOwn(of, words.ATTR_ERROR_TYPE),
      attributes: child('claude', 'agent', of),
    }),
  ]);
  const { children, trouble } = analyse({ ...data, run: { ...data.run, ...how } });
  return { stopped: children.stopped, failed: children.failed, errors: trouble.errors.map(({ about }) => about) };
}

const stopped = { stopped: 1, failed: 0, errors: [] };

describe('a process that was asked to end', () => {
  it.each<[string, object]>([
    ['by whoever started it, in any way', ended(signalled('SIGKILL'), {})],
    ['by a signal from somebody else', ended({ ...signalled('SIGTERM'), ...type('SIGTERM') }, type('SIGTERM'))],
    ['by Ctrl-C, with a program that ends by it', ended(coded(130), type('130'), { exitCode: undefined, signal: 'SIGINT' })],
    ['by Ctrl-C, with a program that says so', ended(coded(130), type('130'), { exitCode: 130 })],
    ['by Ctrl-C, with a program that ends in order', ended(coded(130), type('130'), {}, signalled('SIGINT'))],
    ['by whoever stopped the run', ended(coded(143), type('143'), {}, signalled('SIGTERM'))],
  ])('%s, was stopped, and its agent did not fail', (_how, seen) => {
    expect(seen).toEqual(stopped);
  });

  it.each<[string, object, string]>([
    ['by a signal that does not ask, from nobody known', ended({ ...signalled('SIGKILL'), ...type('SIGKILL') }, {}), 'killed by SIGKILL'],
    ['with 130 where nobody interrupted', ended(coded(130), {}), 'exit code 130'],
    ['with 143 in a run that was interrupted by another signal', ended(coded(143), {}, {}, signalled('SIGINT')), 'exit code 143'],
    ['with 1 in a run that was interrupted', ended(coded(1), {}, {}, signalled('SIGINT')), 'exit code 1'],
  ])('%s, failed', (_how, seen, error) => {
    expect(seen).toEqual({ stopped: 0, failed: 1, errors: [error] });
  });
});
