/** Workers that a shell or a program in another language started, known by the process table and by their calls, have lanes of their own. */
import { describe, expect, it } from '@jest/globals';
import { analyse, type RunReport } from '../../src/analysis/index.ts';
import type { RunData, SpanRow } from '../../src/analysis/model.ts';
import * as words from '../../src/semconv/index.ts';
import { agent, child, llm, run, span, T0 } from './hand-built.ts';
import { seconds, wall } from './report-of.ts';

const python = (id: string, [from, to]: [number, number], parent: string): SpanRow => {
  const attributes = child('python3', 'other', { [words.ATTR_SWARMSCOPE_PROCESS_OBSERVER]: 'process_table' });
  return { ...span({ id, parent, from, to, attributes }), name: 'python3' };
};
const call = (id: string, parent: string, [from, to]: [number, number]): SpanRow => span({ id, parent, from, to, attributes: llm() });
const main = python('m', [0, 10], 'r');
const SUPERVISOR = 900;
/** What the builders of spans set. */
const PROGRAM = 1;

/** Everything is told by `swarmscope run`, whose command tells nothing of itself. */
function seenFromOutside(spans: readonly SpanRow[]): RunReport {
  return analyse(rowsOf(spans));
}

function rowsOf(spans: readonly SpanRow[]): RunData {
  const root = span({ id: 'r', from: 0, to: 10, attributes: { [words.ATTR_GEN_AI_OPERATION_NAME]: 'invoke_workflow' } });
  const rows = [root, ...spans].map((row) => ({ ...row, pid: row.pid === PROGRAM ? SUPERVISOR : row.pid, scopeName: 'swarmscope' }));
  const data: RunData = run(10, rows);
  return { ...data, run: { ...data.run, pid: PROGRAM } };
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

describe('programs of Node that a shell started', () => {
  const node = (pid: number, [from, to]: [number, number]): SpanRow => {
    const row = python(`node${pid}`, [from, to], 'm');
    return { ...row, name: 'node', attributes: { ...row.attributes, [words.ATTR_PROCESS_PID]: pid } };
  };
  /** Its preload knows the place that the shell was handed, and no other. */
  const told = (id: string, pid: number, times: [number, number]): SpanRow => ({ ...call(id, 'r', times), pid });

  it('are lanes with their start-up and their end', () => {
    const report = seenFromOutside([main, node(7, [1, 6]), node(8, [1, 7]), told('a', 7, [3, 5]), told('b', 8, [2, 7])]);
    expect(report.lanes).toMatchObject({ count: 2, kind: 'process', occupants: 2 });
    expect(seconds(report)).toEqual({ llm: 7, startup: 3, shutdown: 1, unobserved: 8, idle: 1 });
  });

  it('one alone is a process with its start-up, too', () => {
    const report = seenFromOutside([main, node(7, [1, 6]), told('a', 7, [3, 5])]);
    expect(wall(report)).toEqual({ llm: 2, startup: 2, shutdown: 1, unobserved: 5 });
  });

  it('one after the other are in one lane, though the table tells their ends late', () => {
    const late = [node(7, [0, 3.05]), node(8, [3, 6.05]), node(9, [6, 10])];
    const report = seenFromOutside([main, ...late, told('a', 7, [1, 2]), told('b', 8, [4, 5.9]), told('c', 9, [7, 9])]);
    expect(report.lanes).toMatchObject({ count: 1, occupants: 3 });
    expect(report.explained.workers).toBeUndefined();
    expect(report.explained.criticalPath?.steps.map(({ by }) => by)).not.toContain('slot');
  });

  it('that overlap for longer than the table is late are two at once', () => {
    const both = [node(7, [0, 3.3]), node(8, [3, 6])];
    const report = seenFromOutside([main, ...both, told('a', 7, [1, 2]), told('b', 8, [4, 5])]);
    expect(report.lanes.count).toBe(2);
  });

  it('end as their own connection says, where they told of themselves', () => {
    const data = rowsOf([main, node(7, [1, 6]), told('a', 7, [3, 5])]);
    const report = analyse({ ...data, lives: [{ pid: 7, startMs: T0 + 1_000, endMs: T0 + 5_900 }] });
    expect(report.slowest[0]?.durationMs).toBe(4_900);
  });
});
