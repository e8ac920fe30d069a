/** What needs a person, who waits on whom, and whether all is well: by the first rule that holds. */
import { describe, expect, test } from '@jest/globals';
import { findNeeds, judge, type LaneNow, type Standing } from '../../src/analysis/index.ts';

const lane = (number: number, more: Partial<LaneNow> = {}): LaneNow => ({
  lane: number,
  task: number,
  label: `task ${number}`,
  category: 'llm',
  since: 90_000,
  sign: 99_000,
  ...more,
});
const needs = (lanes: readonly LaneNow[], now = 100_000) => findNeeds({ now, lanes, failed: [], silentAfterMs: 300_000 });

describe('what needs you', () => {
  test('nothing, where all work', () => {
    expect(needs([lane(1), lane(2)])).toEqual([]);
  });

  test('a person is waited for from two seconds on', () => {
    expect(needs([lane(1, { category: 'wait:human', since: 98_001 })])).toEqual([]);
    expect(needs([lane(1, { category: 'wait:human', since: 98_000 })])).toMatchObject([
      { kind: 'human', isUrgent: true, text: 'task 1 waits for a person', tasks: [1] },
    ]);
  });

  test('a task without a sign for longer than others take is silent, and the span that it is in is named', () => {
    expect(needs([lane(1, { sign: 100_000, name: 'chat m' })], 400_000)).toEqual([]);
    const [need] = needs([lane(1, { sign: 99_999, name: 'chat m' })], 400_000);
    expect(need).toMatchObject({ kind: 'silent', isUrgent: true, text: '1 task is silent: task 1 in chat m', since: 99_999 });
  });

  test('those that wait for one lock are one card, with the one git command of that repository as its holder', () => {
    const waiting = [1, 2, 3].map((number) => lane(number, { category: 'wait:lock', since: 90_000 + number, repository: 'shop' }));
    const [need] = needs([...waiting, lane(7, { category: 'git', repository: 'shop' }), lane(8, { category: 'git', repository: 'other' })]);
    expect(need).toMatchObject({
      kind: 'lock',
      isUrgent: false,
      text: '3 tasks wait for a lock, held by task 7',
      lanes: [1, 2, 3],
      holder: 7,
      since: 90_001,
    });
    const [unknown] = needs([
      ...waiting,
      lane(7, { category: 'git', repository: 'shop' }),
      lane(8, { category: 'git', repository: 'shop' }),
    ]);
    expect(unknown?.holder).toBeUndefined();
  });

  test('what is urgent comes first, then what most wait for', () => {
    const lanes = [
      lane(1, { category: 'wait:gpu' }),
      lane(2, { category: 'wait:rate_limit' }),
      lane(3, { category: 'wait:rate_limit' }),
      lane(4, { category: 'wait:human', since: 0 }),
    ];
    expect(needs(lanes).map(({ kind }) => kind)).toEqual(['human', 'rate_limit', 'gpu']);
  });
});

const standing: Standing = {
  now: 100_000,
  state: 'live',
  needs: [],
  tasks: { running: 4, done: 20, failed: 0 },
  busy: 4,
  waiting: 0,
  refusedLastMinute: 0,
  refused: 0,
  full: [],
  lost: 0,
};
const human = (since: number) => needs([lane(1, { category: 'wait:human', since })]);

test.each<[string, Partial<Standing>, string, string]>([
  ['all work', {}, 'yes', 'fine'],
  ['a person is waited for, a minute', { needs: human(40_000) }, 'yes', 'fine'],
  ['a person is waited for, longer than a minute', { needs: human(39_999) }, 'no', 'human'],
  ['two tasks failed', { tasks: { running: 0, done: 0, failed: 2 } }, 'yes', 'fine'],
  ['three of sixty tasks failed', { tasks: { running: 0, done: 57, failed: 3 } }, 'yes', 'fine'],
  ['three of fifty-nine tasks failed', { tasks: { running: 0, done: 56, failed: 3 } }, 'no', 'failed'],
  ['two refusals in a minute', { refusedLastMinute: 2 }, 'yes', 'fine'],
  ['three refusals in a minute', { refusedLastMinute: 3 }, 'look', 'refused'],
  ['a quarter of the lanes waits', { waiting: 1 }, 'yes', 'fine'],
  ['more than a quarter of the lanes waits', { waiting: 2 }, 'look', 'waiting'],
  ['full for less than a minute', { full: [{ label: 'CPU', share: 1, forMs: 59_999 }] }, 'yes', 'fine'],
  ['full for a minute', { full: [{ label: 'CPU', share: 0.95, forMs: 60_000 }] }, 'look', 'full'],
  ['telemetry is lost', { lost: 1 }, 'look', 'lost'],
  ['it ended well', { state: 'ended', exitCode: 0 }, 'yes', 'ended'],
  ['it ended with 3', { state: 'ended', exitCode: 3 }, 'no', 'exit'],
  ['it was ended by a signal', { state: 'ended', signal: 'SIGINT' }, 'no', 'signal'],
  ['its process was killed', { state: 'cut' }, 'no', 'cut'],
])('%s', (_title, more, word, rule) => {
  expect(judge({ ...standing, ...more })).toMatchObject({ word, rule });
});
