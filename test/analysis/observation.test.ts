/** What nobody saw is unobserved: no wait is said of a process that told nothing. */
import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import type { RunData, SpanRow } from '../../src/analysis/model.ts';
import { renderReport } from '../../src/cli/report/text.ts';
import * as words from '../../src/semconv/index.ts';
import { agent, child, git, llm, run, span, T0, task } from './hand-built.ts';
import { seconds, wall } from './report-of.ts';

const SUPERVISOR = 900;
const PROGRAM = 1;
const top = {
  ...span({ id: 'r', from: 0, to: 10, attributes: { [words.ATTR_GEN_AI_OPERATION_NAME]: 'invoke_workflow' } }),
  pid: SUPERVISOR,
};
/** A run under `swarmscope run`, of a command that is process `PROGRAM`. */
const under = (spans: readonly SpanRow[], unseen?: RunData['unseen']): RunData => {
  const data = run(10, [top, ...spans]);
  return { ...data, unseen, run: { ...data.run, pid: PROGRAM } };
};
const by = (pid: number | undefined, row: SpanRow, scopeName = 'swarmscope'): SpanRow => ({ ...row, pid, scopeName });
const ofProgram = (command: string, data: RunData): RunData => ({ ...data, run: { ...data.run, command } });
const merge = span({ id: 'g', from: 4, to: 6, attributes: git('merge') });
const call = span({ id: 'l', from: 4, to: 6, attributes: llm() });

describe('the path and the lanes', () => {
  it.each<[title: string, data: RunData, path: object, lanes: object]>([
    ['of a run of which nothing was seen are unobserved', under([]), { unobserved: 10 }, {}],
    [
      'of a run of which git alone was seen are git and unobserved',
      under([by(SUPERVISOR, merge)]),
      { git: 2, unobserved: 8 },
      { git: 2, unobserved: 8 },
    ],
    [
      'of a program that was seen are start-up, gaps and end, as the orchestrator answers for them',
      under([by(PROGRAM, call)]),
      { llm: 2, startup: 4, shutdown: 4 },
      { llm: 2, startup: 4, shutdown: 4 },
    ],
    [
      'of a process below a script are unobserved before it tells something and after that',
      under([by(77, call)]),
      { llm: 2, unobserved: 8 },
      { llm: 2, unobserved: 8 },
    ],
    [
      'of a worker below a seen program last as long as the program says',
      under([
        by(PROGRAM, span({ id: 'p', from: 2, to: 8, attributes: child('node', 'node', { [words.ATTR_PROCESS_PID]: 77 }) })),
        by(77, { ...call, parentSpanId: 'p' }),
      ]),
      { llm: 2, startup: 4, shutdown: 4 },
      { llm: 2, startup: 4, shutdown: 4 },
    ],
    [
      'of agents below a script, by their own telemetry, have no dependency and no orchestrator',
      under([
        by(undefined, span({ id: 'a', from: 0, to: 4, attributes: agent() }), 'claude_code'),
        by(undefined, span({ id: 'b', from: 0, to: 2, attributes: agent() }), 'claude_code'),
        by(undefined, span({ id: 'c', from: 6, to: 10, attributes: agent() }), 'claude_code'),
      ]),
      { agent: 8, unobserved: 2 },
      { agent: 10, unobserved: 6, idle: 4 },
    ],
    [
      'of a program with an OpenTelemetry of its own are unobserved between its calls: it may wait, and it may work',
      under([
        by(PROGRAM, call, 'openinference'),
        by(PROGRAM, { ...call, spanId: 'l2', startMs: T0 + 8000, endMs: T0 + 9000 }, 'openinference'),
      ]),
      { llm: 3, startup: 4, shutdown: 1, unobserved: 2 },
      { llm: 3, unobserved: 7 },
    ],
    [
      'of a program that only started a shell are unobserved between the agents of that shell: the shell hands out the work',
      under([
        by(PROGRAM, span({ id: 'sh', from: 0, to: 10, attributes: child('bash', 'shell', { [words.ATTR_PROCESS_PID]: 50 }) })),
        by(SUPERVISOR, span({ id: 'a', parent: 'sh', from: 2, to: 6, attributes: { ...agent(), [words.ATTR_PROCESS_PID]: 51 } })),
        by(SUPERVISOR, span({ id: 'b', parent: 'sh', from: 4, to: 8, attributes: { ...agent(), [words.ATTR_PROCESS_PID]: 52 } })),
      ]),
      { agent: 6, startup: 2, shutdown: 2 },
      { agent: 8, startup: 4, shutdown: 4, unobserved: 2, idle: 2 },
    ],
    [
      'of agents are theirs alone: the git commands around them have no lane',
      under([
        by(SUPERVISOR, span({ id: 'a', from: 0, to: 10, attributes: { ...agent(), [words.ATTR_PROCESS_PID]: 51 } })),
        by(SUPERVISOR, merge),
      ]),
      { agent: 10 },
      { agent: 10 },
    ],
    [
      'of a program whose calls the gateway saw are unobserved beside them',
      under([by(SUPERVISOR, { ...call, attributes: { ...call.attributes, [words.ATTR_PROCESS_PID]: PROGRAM } })]),
      { llm: 2, unobserved: 8 },
      { llm: 2, unobserved: 8 },
    ],
    [
      'of a program that only started a shell are unobserved between the agents of that shell: the shell hands out the work',
      under([
        by(PROGRAM, span({ id: 'sh', from: 0, to: 10, attributes: child('bash', 'shell', { [words.ATTR_PROCESS_PID]: 50 }) })),
        by(SUPERVISOR, span({ id: 'a', parent: 'sh', from: 2, to: 6, attributes: { ...agent(), [words.ATTR_PROCESS_PID]: 51 } })),
        by(SUPERVISOR, span({ id: 'b', parent: 'sh', from: 4, to: 8, attributes: { ...agent(), [words.ATTR_PROCESS_PID]: 52 } })),
      ]),
      { agent: 6, startup: 2, shutdown: 2 },
      { agent: 8, startup: 4, shutdown: 4, unobserved: 2, idle: 2 },
    ],
    [
      'of agents are theirs alone: the git commands around them have no lane',
      under([
        by(SUPERVISOR, span({ id: 'a', from: 0, to: 10, attributes: { ...agent(), [words.ATTR_PROCESS_PID]: 51 } })),
        by(SUPERVISOR, merge),
      ]),
      { agent: 10 },
      { agent: 10 },
    ],
    [
      'of a program whose calls the gateway saw without finding out whose they are are unobserved too',
      under([by(SUPERVISOR, call)]),
      { llm: 2, unobserved: 8 },
      { llm: 2, unobserved: 8 },
    ],
    [
      'of a process that told how long it lived last as long as it said',
      { ...under([by(77, call)]), lives: [{ pid: 77, startMs: T0 + 2000, endMs: T0 + 9000 }] },
      { llm: 2, startup: 2, shutdown: 3, unobserved: 3 },
      { llm: 2, startup: 2, shutdown: 3, unobserved: 3 },
    ],
    [
      'of a run without a known command are seen where anything was',
      run(10, [call]),
      { llm: 2, startup: 4, shutdown: 4 },
      { llm: 2, startup: 4, shutdown: 4 },
    ],
  ])('%s', (_title, data, path, lanes) => {
    const report = analyse(data);
    expect([wall(report), seconds(report)]).toEqual([path, lanes]);
  });
});

describe('the printed report', () => {
  it('begins with what was not seen, and says what to do', () => {
    const text = renderReport(analyse(under([])));
    expect(text.split('\n').slice(1, 4)).toEqual(['', 'Not seen', expect.stringContaining('Nothing was seen of this run')]);
    expect(text).toContain('swarmscope doctor');
    expect(text).not.toContain('orchestrator 10');
  });

  it('names the processes that told nothing', () => {
    const text = renderReport(
      analyse(
        under(
          [by(PROGRAM, call)],
          [
            { name: 'node 20.20.2', count: 2 },
            { name: 'node (preload hidden)', count: 1 },
          ],
        ),
      ),
    );
    expect(text).toContain('3 processes told nothing: node 20.20.2 x 2, node (preload hidden) x 1.');
  });

  it.each<[title: string, data: RunData, said: readonly string[], notSaid: readonly string[]]>([
    [
      'Python without the gateway: the gateway, and what OpenTelemetry has for it',
      ofProgram('python3.12', under([])),
      ['With swarmscope run --gateway its LLM calls are seen', 'opentelemetry-instrument'],
      ['Node program'],
    ],
    [
      'Python, started by a shell',
      ofProgram('bash', under([by(SUPERVISOR, span({ id: 'p', from: 0, to: 9, attributes: child('python3', 'other') }))])),
      ['With swarmscope run --gateway its LLM calls are seen', 'opentelemetry-instrument'],
      ['Node program'],
    ],
    [
      'Python with the gateway: what that does not see',
      { ...ofProgram('python3', under([by(SUPERVISOR, call)])), isGatewayUsed: true },
      ['between its LLM calls the gateway does not see', 'opentelemetry-instrument'],
      ['Node program', '--gateway', 'No LLM call came', 'Nothing worth changing'],
    ],
    [
      'the gateway without a call: that none came through it',
      { ...ofProgram('asks', under([])), isGatewayUsed: true },
      ['No LLM call came through the gateway', 'OpenTelemetry of its own'],
      ['--gateway'],
    ],
    [
      'a program of which no language is known: all of it',
      ofProgram('swarm.sh', under([])),
      ['Node program', '--gateway'],
      ['opentelemetry-i'],
    ],
    ['Node', ofProgram('node', under([])), ['Node program', '--gateway'], ['opentelemetry-instrument']],
  ])('advises for %s', (_title, data, said, notSaid) => {
    const text = renderReport(analyse(data)).replaceAll(/\s+/g, ' ');
    expect(said.filter((each) => !text.includes(each))).toEqual([]);
    expect(notSaid.filter((each) => text.includes(each))).toEqual([]);
  });

  it('does not say of a run that was hardly seen that nothing is worth changing', () => {
    const report = (to: number) => renderReport(analyse(under([by(77, span({ id: 't', from: 0, to, attributes: llm() }))])));
    expect(report(7.4)).toMatch(/No known cause in what was seen costs a twelfth of the run; 26% of it was not\s+seen\./);
    expect(report(7.6)).toContain('Nothing worth changing');
  });

  it('says nothing about a run that was seen', () => {
    expect(renderReport(analyse(under([by(PROGRAM, span({ id: 't', from: 0, to: 10, attributes: task('a') }))])))).not.toContain(
      'Not seen',
    );
  });

  it('says from a twentieth of the wall time on how much of it is unobserved', () => {
    const seen = (from: number) =>
      renderReport(analyse(under([by(77, span({ id: 't', from, to: 10, attributes: task('a') }))]))).includes('Not seen');
    expect([seen(0.499), seen(0.5)]).toEqual([false, true]);
  });

  it('gives advice about Node where no call was seen, and about other programs always', () => {
    const advice = (spans: readonly SpanRow[]): boolean[] => {
      const text = renderReport(analyse(under(spans)));
      return ['Node 22.15', '--gateway', 'swarmscope doctor'].map((words) => text.includes(words));
    };
    expect(advice([])).toEqual([true, true, true]);
    expect(advice([by(77, span({ id: 't', from: 5, to: 10, attributes: llm() }))])).toEqual([false, true, false]);
  });
});
