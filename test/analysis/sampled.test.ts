/** A run whose spans a policy sampled says so: nobody takes the sample for the whole. */
import { expect, test } from '@jest/globals';
import { analyse, type RunData } from '../../src/analysis/index.ts';
import { renderReport } from '../../src/cli/report/index.ts';

const changed = (timeMs: number, sampling: number | undefined): RunData['logs'][number] => ({
  eventName: 'swarmscope.policy.changed',
  timeMs,
  severity: 9,
  body: '',
  traceId: '',
  spanId: '',
  serviceName: 's',
  attributes: {
    ...{ 'swarmscope.policy.version': 1, 'swarmscope.policy.source': 'file' },
    ...(sampling === undefined ? {} : { 'swarmscope.policy.sampling': sampling }),
  },
});
const dataOf = (...logs: RunData['logs']): RunData => ({
  run: { id: 'r', name: 'r', command: '', startMs: 0, endMs: 200_000, exitCode: 0, signal: undefined },
  spans: [
    {
      ...{ traceId: 't', spanId: 'call', parentSpanId: undefined, name: 'chat m', kind: 3, startMs: 0, endMs: 10, isError: false },
      ...{ links: [], scopeName: 'swarmscope', serviceName: 's', pid: 1 },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'm',
        'gen_ai.provider.name': 'openai',
        'gen_ai.usage.input_tokens': 5,
        'swarmscope.inference.cost': 0.5,
      },
    },
  ],
  series: [],
  logs,
  losses: {},
});

test('the share that was in force is told, and sums are lower bounds', () => {
  const report = analyse(dataOf(changed(1, 0.1), changed(2, 0.5)));
  expect(report.sampled).toEqual({ leastShare: 0.1, lastShare: 0.5 });
  expect(report.usage).toMatchObject({ isLowerBound: true, cost: { isLowerBound: true } });
  const text = renderReport(report).replaceAll(/\s+/g, ' ');
  expect(text).toContain('recorded: 10% at least, 50% at the end.');
  expect(text).toContain('+ at least: spans are missing, see "Sampled"');
  expect(renderReport(analyse(dataOf(changed(1, 0.25)))).replaceAll(/\s+/g, ' ')).toContain('recorded: 25%.');
});

test.each([[[]], [[changed(1, undefined)]], [[changed(1, 1)]], [[changed(1, NaN)]]])(
  'a run of which all spans were recorded says nothing',
  (logs) => {
    const report = analyse(dataOf(...logs));
    expect(report.sampled).toBeUndefined();
    expect(report.usage.isLowerBound).toBe(false);
    expect(renderReport(report)).not.toContain('Sampled');
  },
);
