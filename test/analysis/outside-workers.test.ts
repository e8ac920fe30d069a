/** Workers in other languages, known by the process table and by the calls that the gateway saw of them, have lanes of their own. */
import { describe, expect, it } from '@jest/globals';
import { analyse, type RunReport } from '../../src/analysis/index.ts';
import type { RunData, SpanRow } from '../../src/analysis/model.ts';
import * as words from '../../src/semconv/index.ts';
import { agent, child, llm, run, span } from './hand-built.ts';
import { seconds, wall } from './report-of.ts';

const python = (id: string, [from, to]: [number, number], parent?: string): SpanRow => {
  const attributes = child('python3', 'other', { [words.ATTR_SWARMSCOPE_PROCESS_OBSERVER]: 'process_table' });
  return { ...span({ id, ...(parent === undefined ? {} : { parent }), from, to, attributes }), name: 'python3' };
};
const call = (id: string, parent: string, [from, to]: [number, number]): SpanRow => span({ id, parent, from, to, attributes: llm() });
const main = python('m', [0, 10]);
const SUPERVISOR = 900;

/** Everything is told by `swarmscope run`, whose command tells nothing of itself. */
function seenFromOutside(spans: readonly SpanRow[]): RunReport {
  const root = span({ id: 'r', from: 0, to: 10, attributes: { [words.ATTR_GEN_AI_OPERATION_NAME]: 'invoke_workflow' } });
  const rows = [root, ...spans].map((row) => ({ ...row, pid: SUPERVISOR, scopeName: 'swarmscope' }));
  const data: RunData = run(10, rows);
  return analyse({ ...data, run: { ...data.run, pid: 1 } });
}

describe('processes that were seen from outside alone', () => {
  it('and made calls at once are lanes; their time between calls is unobserved', () => {
    const report = seenFromOutside([
      main,
      python('a', [1, 9], 'm'),
      python('b', [1, 5], 'm'),
      call('a1', 'a', [2, 4]),
      call('a2', 'a', [6, 9]),
      call('b1', 'b', [2, 4]),
    ]);
    expect(report.lanes).toMatchObject({ count: 2, kind: 'process', occupants: 2 });
    expect(seconds(report)).toEqual({ llm: 7, unobserved: 9, idle: 4 });
    expect(report.slowest.map(({ name }) => name).toSorted()).toEqual(['python3 #1', 'python3 #2']);
    expect(wall(report)).toEqual({ llm: 5, unobserved: 5 });
  });

  it('and made calls one after the other are looked through: the calls are what is known', () => {
    const report = seenFromOutside([
      main,
      python('a', [1, 4], 'm'),
      python('b', [5, 9], 'm'),
      call('a1', 'a', [2, 4]),
      call('b1', 'b', [6, 9]),
    ]);
    expect(report.lanes).toMatchObject({ count: 1, kind: 'call', occupants: 2 });
  });

  it('and started an agent each are no workers beside their agents', () => {
    const started = (id: string, parent: string): SpanRow => span({ id, parent, from: 2, to: 8, attributes: agent() });
    const report = seenFromOutside([main, python('a', [1, 9], 'm'), python('b', [1, 9], 'm'), started('x', 'a'), started('y', 'b')]);
    expect(report.lanes).toMatchObject({ count: 2, kind: 'agent', occupants: 2 });
  });
});

it('a call that was seen of a program that tells nothing is no time in which nothing was seen', () => {
  const report = seenFromOutside([main, call('c', 'm', [2, 6])]);
  expect(report.observation.unobservedMs).toBe(6_000);
});
