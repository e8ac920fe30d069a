/** The findings of doctor, and the next step that each of them names. */
import { expect, test } from '@jest/globals';
import { findingsOf } from '../../../src/cli/doctor/findings/index.ts';
import { readSettings } from '../../../src/config/settings/index.ts';
import type { ProcessStatus } from '../../../src/sdk/supervisor.ts';

const facts = { hasGit: true, hasGpu: false, runs: 1 };
const tally = (dropped: Record<string, number> = {}): ProcessStatus['signals']['traces'] => ({ recorded: 5, sent: 5, dropped });
const status = (more: Partial<ProcessStatus> = {}): ProcessStatus => ({
  version: '1',
  pid: 7,
  threadId: 0,
  startTime: 1,
  time: 2,
  isEnded: true,
  serviceName: 'swarm',
  runId: 'r',
  node: '24',
  endpoints: { traces: 'http://host/v1/traces', metrics: 'off', logs: 'off' },
  signals: { traces: tally(), metrics: tally(), logs: tally() },
  observers: {},
  counters: {},
  problems: [],
  ...more,
});
const problems = (statuses: readonly ProcessStatus[], env: Record<string, string> = {}): { text: string; next?: string }[] =>
  findingsOf(readSettings(env), statuses, facts).filter(({ level }) => level === 'problem');

test('a process that has sent everything is well', () => {
  expect(problems([status()])).toEqual([]);
  expect(findingsOf(readSettings({}), [status()], facts).some(({ level, text }) => level === 'ok' && text.includes('swarm'))).toBe(true);
});

test('a bad setting is shown with what was expected, what was received, and what to do', () => {
  expect(problems([status()], { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual([
    { level: 'problem', text: expect.stringContaining('received grpc'), next: expect.stringContaining('OTEL_EXPORTER_OTLP_PROTOCOL') },
  ]);
});

test('where nothing was recorded yet, the next command is named', () => {
  expect(findingsOf(readSettings({}), [], { ...facts, runs: 0 }).at(-1)?.next).toContain('swarmscope run');
});

test.each([
  ['ECONNREFUSED', /swarmscope run/],
  ['ENOTFOUND', /OTEL_EXPORTER_OTLP_ENDPOINT/],
  ['http_401', /OTEL_EXPORTER_OTLP_HEADERS/],
  ['http_400', /http\/json/],
  ['timeout', /curl/],
  ['something else', /curl/],
])('a loss because of %s names what to try', (reason, advice) => {
  const [finding] = problems([status({ signals: { traces: tally({ [reason]: 3 }), metrics: tally(), logs: tally() } })]);
  expect(finding?.text).toContain('3');
  expect(finding?.next).toMatch(advice);
});

test.each([
  [{ text: 'HTTP 200', time: 1, isGood: true }, 'did not take them as fast as they came'],
  [{ text: 'ECONNREFUSED', time: 1, isGood: false }, 'could not be reached (ECONNREFUSED)'],
  [undefined, 'could not be reached (no answer)'],
])('what was kept on disk says why: %j', (lastAnswer, why) => {
  const traces = { ...tally(), spooled: 3, lastAnswer };
  const texts = findingsOf(readSettings({}), [status({ signals: { traces, metrics: tally(), logs: tally() } })], facts).map(
    ({ text }) => text,
  );
  expect(texts.filter((text) => text.includes('3 traces were kept on disk'))).toEqual([expect.stringContaining(why)]);
});

test('an observer that switched itself off is a problem; one that the user switched off is a note', () => {
  const observers = { git: { isOn: false, why: 'SWARMSCOPE_OBSERVERS_OFF' }, 'p-queue': { isOn: false, why: 'TypeError: x' } };
  expect(problems([status({ observers })]).map(({ text }) => text)).toEqual([expect.stringContaining('p-queue')]);
});

test('requests that the receiver of a run refused are a problem where something is lost, and a note where nobody of the run is concerned', () => {
  const refused = (...answers: string[]): ProcessStatus =>
    status({ counters: Object.fromEntries(answers.map((answer) => [`receiver.refused.${answer}`, 2])) });
  expect(problems([refused('traces.413', '401')])).toEqual([
    { level: 'problem', text: expect.stringContaining('2 x traces.413, 2 x 401'), next: expect.stringContaining('docs/store.md') },
  ]);
  expect(problems([refused('401', 'traces.503')])).toEqual([]);
  expect(findingsOf(readSettings({}), [refused('401')], facts)).toContainEqual(
    expect.objectContaining({ level: 'note', text: expect.stringContaining('2 x 401') }),
  );
});

test('a metric at its limit of attribute sets is named, with what to do', () => {
  expect(problems([status({ counters: { 'metrics.overflow.swarmscope.task.duration': 1, 'metrics.callback-failed': 0 } })])).toEqual([
    {
      level: 'problem',
      text: expect.stringContaining('swarmscope.task.duration has more attribute sets than the 2,000'),
      next: expect.stringContaining('names that repeat'),
    },
  ]);
});

test('a user who traces git is told why git commands are seen as plain child processes', () => {
  const findings = findingsOf(readSettings({}), [status({ counters: { 'git.traced-by-user': 1 } })], facts);
  expect(findings.slice(-2)).toEqual([
    { level: 'ok', text: expect.stringContaining('nothing lost') },
    { level: 'note', text: expect.stringContaining('trace git yourself'), next: expect.stringContaining('trace2.eventTarget') },
  ]);
  expect(findingsOf(readSettings({}), [status({ counters: { 'git.fault': 1 } })], facts).at(-1)?.level).toBe('ok');
});

test('a part that is off and is no observer is explained', () => {
  const observers = {
    SWARMSCOPE_PRICES: { isOn: false, why: 'expected a readable JSON file, received: ENOENT' },
    'child-process.preload-copy': { isOn: false, why: 'Error EACCES at observers.cjs:1:2' },
    recording: { isOn: false, why: 'TypeError at recorder.cjs:3:4' },
  };
  expect(problems([status({ observers })])).toEqual([
    {
      level: 'problem',
      text: expect.stringMatching(/own prices are not used.*ENOENT/),
      next: expect.stringContaining('SWARMSCOPE_PRICES'),
    },
    { level: 'problem', text: expect.stringMatching(/child processes were not watched/), next: expect.stringContaining('XDG_CACHE_HOME') },
    { level: 'problem', text: expect.stringMatching(/something was not recorded/), next: expect.stringContaining('report') },
  ]);
  expect(problems([status({ observers })]).some(({ text }) => text.includes(' observer '))).toBe(false);
});

test('variables that were left as the user has them are named with the reason and what to do', () => {
  const counters = {
    'left.collector.OTEL_EXPORTER_OTLP_ENDPOINT': 1,
    'left.collector.MLFLOW_ENABLE_DUAL_EXPORT': 1,
    'left.chosen.GEMINI_TELEMETRY_TARGET': 1,
    'left.unheard.OF': 1,
  };
  const found = findingsOf(readSettings({}), [status({ counters })], facts).filter(({ text }) => text.includes('_'));
  expect(found.map(({ level, text }) => [level, text])).toEqual([
    ['note', expect.stringMatching(/OTEL_EXPORTER_OTLP_ENDPOINT, MLFLOW_ENABLE_DUAL_EXPORT was not set, since a collector listens/)],
    ['note', expect.stringMatching(/GEMINI_TELEMETRY_TARGET has a value of yours/)],
  ]);
  expect(found.every(({ next }) => next !== undefined)).toBe(true);
});

test('spans whose process could not be found are counted', () => {
  const found = findingsOf(readSettings({}), [status({ counters: { 'receiver.owner-unknown': 3 } })], facts);
  expect(found.at(-1)).toMatchObject({ level: 'note', text: expect.stringContaining('3 spans came from processes') });
});
