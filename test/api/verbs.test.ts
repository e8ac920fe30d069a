/** The API verbs: with a recorder and without, the app gets what its own function gives. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as api from '../../src/index.ts';
import { startRecording, type Recording } from '../recording/recorder.ts';

const KEY = Symbol.for('swarmscope.runtime.1');
const holder = globalThis as Record<symbol, unknown>;
let recording: Recording;

type Wrap = <T>(fn: () => T) => T;
const verbs: Record<string, Wrap> = {
  withRun: (fn) => api.withRun('r', fn),
  withPhase: (fn) => api.withPhase('p', fn),
  withTask: (fn) => api.withTask('t', fn),
  withBatch: (fn) => api.withBatch('b', fn),
  withAgent: (fn) => api.withAgent('a', fn),
  withTool: (fn) => api.withTool('x', fn),
  wait: (fn) => api.wait('lock', fn),
};

describe.each(['without a preload', 'with one'])('%s', (mode) => {
  beforeEach(() => {
    recording = startRecording();
    if (mode === 'with one') holder[KEY] = { recorder: () => recording.recorder };
  });
  afterEach(() => {
    delete holder[KEY];
  });
  const isRecorded = mode === 'with one';
  const errors = (): unknown[] => recording.spans().map(({ attributes }) => attributes['error.type']);

  test.each(Object.entries(verbs))('%s hands on values, throws, promises and rejections', async (_name, wrap) => {
    const error = new RangeError('mine');
    expect(wrap(() => 7)).toBe(7);
    expect(() =>
      wrap(() => {
        throw error;
      }),
    ).toThrow(error);
    expect(await wrap(async () => 'x')).toBe('x');
    await expect(wrap(() => Promise.reject(error))).rejects.toBe(error);
    expect(errors()).toEqual(isRecorded ? [undefined, 'RangeError', undefined, 'RangeError'] : []);
  });

  test('a promise keeps what it carries, a lazy thenable stays itself and starts when it is awaited', async () => {
    const carrying = Object.assign(Promise.resolve(1), { child: 'process' });
    expect(api.withTool('x', () => carrying).child).toBe('process');
    let starts = 0;
    const lazy = {
      then: (resolve: (value: number) => void) => {
        starts += 1;
        resolve(5);
      },
    };
    const given = api.withTool('lazy', () => lazy);
    expect(given).toBe(lazy);
    expect(starts).toBe(0);
    expect(await given).toBe(5);
    expect(starts).toBe(1);
    const frozen = Object.freeze({ then: (resolve: (value: number) => void) => resolve(6) });
    expect(await api.withTool('frozen', () => frozen)).toBe(6);
    expect(recording.spans()).toHaveLength(isRecorded ? 3 : 0);
  });

  test('nonsense in place of names and descriptions does not reach the app', () => {
    for (const value of [undefined, null, 7, Symbol('s'), {}] as never[]) {
      expect(api.withTask(value, () => 1)).toBe(1);
      expect(api.withTool(value, () => 1)).toBe(1);
      expect(api.withBatch(value, () => 1)).toBe(1);
      expect(api.withRun(value, () => 1)).toBe(1);
      expect(api.wait(value, () => 1)).toBe(1);
      expect(() => api.trackPool(value).stop()).not.toThrow();
      expect(() => api.trackQueue(value).stop()).not.toThrow();
    }
  });
});

test.each([
  ['', 'task'],
  ['e', 'task'],
  ['Wi', 'task'],
  ['_a', 'task'],
  ['t1', 'task'],
  ['qa', 'qa'],
  ['run', 'run'],
])('a task that is not described is named by its function, and not by a name that a minifier made: %s', (name, expected) => {
  recording = startRecording();
  holder[KEY] = { recorder: () => recording.recorder };
  api.withTask(
    {},
    Object.defineProperty(() => 1, 'name', { value: name }),
  );
  delete holder[KEY];
  expect(recording.spans().map((span) => span.name)).toEqual([`run_task ${expected}`]);
});
