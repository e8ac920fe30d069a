/** Runs in which nothing is called a task: what occupies the lanes there. */
import { expect, it } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import type { SpanRow } from '../../src/analysis/model.ts';
import { expectActsInLanes, expectAgreement } from './agreement.ts';
import { agent, child, git, llm, refused, resend, run, span, tool, wait } from './hand-built.ts';
import { seconds, wall } from './report-of.ts';

const node = child('node', 'node');
const worker = (id: string, from: number, to: number, parent?: string): SpanRow[] => [
  span({ id, parent, from, to, attributes: node }),
  span({ id: `${id}-call`, parent: id, from: from + 1, to: to - 1, attributes: llm() }),
];

it.each<[title: string, spans: SpanRow[], occupants: object, expected: object]>([
  [
    'a child process has a lane, as the path says',
    [span({ id: 'p', from: 1, to: 9, attributes: child('npm', 'package_manager') })],
    { process: 1 },
    { tool: 8, unobserved: 2 },
  ],
  [
    'calls, tools, git and processes share the lanes',
    [
      span({ id: 'l', from: 0, to: 2, attributes: llm() }),
      span({ id: 'p', from: 2, to: 6, attributes: child('npm', 'package_manager') }),
      span({ id: 'g', from: 6, to: 10, attributes: git('merge') }),
    ],
    { call: 2, process: 1 },
    { llm: 2, tool: 4, git: 4 },
  ],
  [
    'plain Node workers have a lane each',
    [...worker('a', 0, 10), ...worker('b', 0, 10)],
    { process: 2 },
    { llm: 16, startup: 2, shutdown: 2 },
  ],
  [
    'a script that launches workers at once is looked through, and so is a shell around it',
    [
      span({ id: 'sh', from: 0, to: 10, attributes: child('sh', 'shell') }),
      span({ id: 'main', parent: 'sh', from: 0, to: 10, attributes: node }),
      ...worker('a', 0, 10, 'main'),
      ...worker('b', 0, 10, 'main'),
    ],
    { process: 2 },
    { llm: 16, startup: 2, shutdown: 2 },
  ],
  [
    'the process of the program itself is looked through where it makes calls at once',
    [
      span({ id: 'main', from: 0, to: 10, attributes: node }),
      span({ id: 'a', parent: 'main', from: 1, to: 9, attributes: llm() }),
      span({ id: 'b', parent: 'main', from: 1, to: 9, attributes: llm() }),
    ],
    { call: 2 },
    { llm: 16, startup: 2, shutdown: 2 },
  ],
  [
    'a server is in no lane and not on the path',
    [span({ id: 's', from: 1, to: undefined, attributes: child('vite', 'node') }), span({ id: 'l', from: 2, to: 10, attributes: llm() })],
    { call: 1 },
    { llm: 8, startup: 2 },
  ],
  [
    'a wait after a refusal and a wait for a person have a lane',
    [
      span({ id: 'a', from: 0, to: 1, attributes: llm(refused(0)) }),
      span({ id: 'b', from: 4, to: 5, attributes: llm(resend(1)) }),
      span({ id: 'w', from: 5, to: 10, attributes: wait('human') }),
    ],
    { call: 2, wait: 2 },
    { llm: 2, 'wait:rate_limit': 3, 'wait:human': 5 },
  ],
  [
    'a process beside agents has a lane of its own',
    [
      span({ id: 'a', from: 0, to: 10, attributes: agent() }),
      span({ id: 't', parent: 'a', from: 0, to: 10, attributes: tool('x') }),
      span({ id: 'p', from: 0, to: 5, attributes: child('npm', 'package_manager') }),
    ],
    { agent: 1, process: 1 },
    { tool: 15, idle: 5 },
  ],
])('%s', (_title, spans, occupants, expected) => {
  const data = run(10, spans);
  const report = analyse(data);
  expect(Object.fromEntries(report.parallelism.occupants.map(({ kind, count }) => [kind, count]))).toEqual(occupants);
  expect(seconds(report)).toEqual(expected);
  expectAgreement(report);
  expectActsInLanes(report, data);
});

it('a call of a library that waited between its attempts waits on the path, too', () => {
  const post = { 'http.request.method': 'POST' };
  const spans = [
    span({ id: 'l', from: 0, to: 10, attributes: llm() }),
    span({ id: 'p0', parent: 'l', from: 0, to: 1, attributes: { ...post, ...refused(0) } }),
    span({ id: 'p1', parent: 'l', from: 4, to: 10, attributes: { ...post, ...resend(1) } }),
  ];
  const expected = { llm: 7, 'wait:rate_limit': 3 };
  expect([seconds(analyse(run(10, spans))), wall(analyse(run(10, spans)))]).toEqual([expected, expected]);
});
