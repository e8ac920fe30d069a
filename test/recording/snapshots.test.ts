/** Snapshots that a program takes, and those at the ends of phases: what stands in them, and what a state must be. */
import { beforeEach, expect, test } from '@jest/globals';
import type { LogRecord } from '../../src/semconv/telemetry.ts';
import { startRecording, type Recording } from './recorder.ts';

let logs: LogRecord[];
let recording: Recording;

beforeEach(() => {
  logs = [];
  recording = startRecording({ change: (assembly) => ({ ...assembly, emitLog: (record) => void logs.push(record) }) });
});

const attribute = (name: string): unknown => logs.at(-1)?.attributes[`swarmscope.snapshot.${name}`];
const parsed = (name: string): unknown => JSON.parse(String(attribute(name)));
const running = (): unknown[] => (attribute('running') as string[]).map((text) => JSON.parse(text) as unknown);

test('it tells what runs, is open and is planned, at its place', () => {
  const { recorder } = recording;
  const task = recorder.startTask({ type: 'implement', id: 't-1', pool: 'workers' }, 'x');
  const agent = recorder.within(task.frame, () => recorder.startAgent('coder'));
  recorder.startTask({ type: 'review', id: 't-2' }, 'x');
  recorder.submitTask('review', 'workers');
  recorder.submitTask('review', 'workers');
  recorder.trackQueue({ name: 'ideas', size: () => 7 });
  expect(recorder.within(agent.frame, () => recorder.snapshot('half-way', { wave: 2 }))).toBeUndefined();
  expect(logs).toHaveLength(1);
  expect(logs[0]).toMatchObject({ eventName: 'swarmscope.snapshot', traceId: agent.traceId, spanId: agent.spanId });
  expect(logs[0]?.attributes).toMatchObject({
    'swarmscope.snapshot.name': 'half-way',
    'swarmscope.snapshot.trigger': 'call',
    'swarmscope.snapshot.tasks.running': 2,
    'swarmscope.snapshot.tasks.queued': 2,
    'swarmscope.snapshot.omitted': undefined,
    'gen_ai.agent.name': 'coder',
    'swarmscope.task.id': 't-1',
  });
  const seconds = expect.any(Number) as unknown;
  expect(running()).toEqual([
    { id: 't-1', type: 'implement', pool: 'workers', seconds },
    { id: 't-2', type: 'review', seconds },
  ]);
  expect(parsed('open')).toMatchObject({ phases: [], agents: [{ name: 'coder', task: 't-1' }], llmCalls: 0 });
  expect(parsed('planned')).toEqual({
    tasks: [{ type: 'review', pool: 'workers', count: 2, longestWaitSeconds: seconds }],
    queues: [{ name: 'ideas', size: 7 }],
  });
  expect(parsed('spent')).toEqual({ llmCalls: 0, budgets: [] });
  expect(parsed('state')).toEqual({ wave: 2 });
});

test('what the calls have used up is told, and what none of them told is absent', () => {
  const { recorder } = recording;
  const call = recorder.startLlmCall({ operation: 'chat', provider: 'openai', requestModel: 'gpt-4o-mini' });
  recorder.snapshot('before');
  expect(parsed('open')).toMatchObject({ llmCalls: 1 });
  expect(parsed('spent')).toEqual({ llmCalls: 0, budgets: [] });
  call.end({ usage: { inputTokens: 10, outputTokens: 5 } });
  recorder.startLlmCall({ operation: 'chat', provider: 'openai', requestModel: 'gpt-4o-mini' }).end({ errorType: '500' });
  recorder.snapshot('after');
  expect(parsed('spent')).toMatchObject({ llmCalls: 2, inputTokens: 10, outputTokens: 5 });
});

test('the end of a phase is a snapshot of its name, with what is still at work', () => {
  const { recorder } = recording;
  const outer = recorder.startPhase('build');
  const inner = recorder.within(outer.frame, () => recorder.startPhase('compile'));
  recorder.within(inner.frame, () => recorder.startTask({ type: 'implement', id: 't-1' }, 'x'));
  inner.end();
  expect(logs).toHaveLength(1);
  expect(logs[0]).toMatchObject({ traceId: inner.traceId, spanId: inner.spanId });
  expect([attribute('name'), attribute('trigger'), attribute('tasks.running')]).toEqual(['compile', 'phase_end', 1]);
  expect(parsed('open')).toMatchObject({ phases: ['build'] });
  expect(attribute('state')).toBeUndefined();
  outer.end();
  outer.end();
  expect(logs).toHaveLength(2);
});

test.each([[undefined], [''], ['  '], [7], [null]])('without a proper name nothing is kept: %p', (name) => {
  expect(recording.recorder.snapshot(name, { wave: 1 })).toBe('snapshot: name: expected a text that is not empty');
  expect(logs).toEqual([]);
  expect(recording.counts.get('snapshot.refused')).toBe(1);
});

class Plan {
  readonly wave = 3;
  readonly #secret = 1;
  get size(): number {
    return this.#secret;
  }
}
const circle: Record<string, unknown> = { n: 1 };
circle['self'] = circle;
const thrower = Object.defineProperty({ a: 1 }, 'b', {
  enumerable: true,
  get() {
    throw new Error('never read');
  },
});
const proxy = new Proxy({}, { ownKeys: () => Promise.reject(new Error('never asked')) as never });
const deep = Array.from({ length: 100 }).reduce<unknown>((inside) => ({ inside }), 1);

test.each<[string, unknown, unknown, number]>([
  [
    'a date, a set, a map, a BigInt, an object of a class',
    { at: new Date(0), names: new Set(['a']), by: new Map([['k', 1]]), big: 10n, plan: new Plan() },
    { at: '1970-01-01T00:00:00.000Z', names: ['a'], by: { k: 1 }, big: '10', plan: { wave: 3 } },
    0,
  ],
  ['members without a value', { a: undefined, b: null }, { b: null }, 0],
  ['the same object twice, which is no circle', { one: [1], two: [1] }, { one: [1], two: [1] }, 0],
  ['a circle', circle, { n: 1 }, 1],
  ['functions and symbols', { f: () => 1, s: Symbol('x'), list: [() => 1, 2] }, { list: [null, 2] }, 3],
  ['a getter that throws', thrower, { a: 1 }, 1],
  ['a proxy', { proxy, n: 1 }, { n: 1 }, 1],
  ['numbers without a value', { n: NaN, i: Infinity }, {}, 2],
  ['a date without a value', { at: new Date(NaN) }, {}, 1],
  ['a BigInt of a million digits', { n: 2n ** 3_000_000n }, { n: 'more than 2^4096' }, 1],
  ['a toJSON of the program', { toJSON: () => 'never called', n: 1 }, { n: 1 }, 1],
  ['a buffer and a promise', { bytes: Buffer.from('x'), promise: Promise.resolve() }, {}, 2],
  ['a text', 'wave 2', 'wave 2', 0],
])('a state is plain data: %s', (_title, state, kept, omitted) => {
  const problem = recording.recorder.snapshot('s', state);
  expect(parsed('state')).toEqual(kept);
  expect(attribute('omitted')).toBe(omitted === 0 ? undefined : omitted);
  expect(recording.counts.get('snapshot.repaired')).toBe(omitted === 0 ? undefined : 1);
  if (omitted > 0) expect(problem).toContain(`snapshot "s": state: ${omitted} values were left out`);
  else expect(problem).toBeUndefined();
});

test('a state that is no data at all is left out, and the snapshot is kept', () => {
  expect(recording.recorder.snapshot('s', () => 1)).toContain('1 values were left out');
  expect(attribute('name')).toBe('s');
  expect(attribute('state')).toBeUndefined();
});

test.each<[string, unknown]>([
  ['a text of a megabyte', 'x'.repeat(1 << 20)],
  ['a million numbers', Array.from({ length: 1_000_000 }, (_, n) => n)],
  ['a set of a million', new Set(Array.from({ length: 1_000_000 }, (_, n) => n))],
  ['a hundred thousand members', Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`member-${n}`, n]))],
  ['a hundred levels', deep],
  ['quotes that double in JSON', { text: '"'.repeat(60_000), more: Array.from({ length: 20 }, () => '"\n'.repeat(3_000)) }],
])('a state is bounded, and what was left out is counted: %s', (_title, state) => {
  expect(recording.recorder.snapshot('s', state)).toContain('values were left out or cut');
  expect(String(attribute('state')).length).toBeLessThanOrEqual(64 * 1024);
  expect(() => parsed('state')).not.toThrow();
  expect(attribute('omitted')).toBeGreaterThan(0);
});

test('the state is kept while content is not captured, without credentials and behind the mask of the program', () => {
  const { recorder } = recording;
  expect(recorder.isContentCaptured).toBe(false);
  recorder.snapshot('s', { note: 'wave one is done', url: 'https://me:hunter2hunter2@example.com/x' });
  expect(parsed('state')).toEqual({ note: 'wave one is done', url: expect.not.stringContaining('hunter2') as unknown });
  recorder.maskContent((text) => text.replaceAll('wave', '<w>'));
  recorder.snapshot('s', { note: 'wave one is done' });
  expect(parsed('state')).toEqual({ note: '<w> one is done' });
  recorder.maskContent(() => {
    throw new Error('a mask that fails');
  });
  expect(recorder.snapshot('s', { note: 'wave one is done' })).toContain('1 values were left out');
  expect(attribute('state')).toBeUndefined();
});

test('two thousand tasks are listed, and of more the number is told', () => {
  const { recorder } = recording;
  for (let at = 0; at < 2_001; at += 1) recorder.startTask({ type: 'implement', id: `t-${at}` }, 'x');
  recorder.snapshot('s');
  expect(running()).toHaveLength(2_000);
  expect([attribute('tasks.running'), attribute('omitted')]).toEqual([2_001, 1]);
});

test('where no records go, it is counted', () => {
  const { recorder, counts } = startRecording({ change: ({ emitLog: _gone, ...assembly }) => assembly });
  expect(recorder.snapshot('s')).toBeUndefined();
  expect(counts.get('snapshot.untold')).toBe(1);
});
