// The list of runs on the page: which rows a search means, and in which order they stand.
import { describe, expect, test } from '@jest/globals';
import { inOrder, runsFound } from '../../../src/viewer/web/run-list.ts';
import type { RunItem } from '../../../src/viewer/wire.ts';

const START_MS = new Date(2026, 10, 2, 12).getTime();
const DAY_MS = 86_400_000;

function item(id: string, day: number, change: Partial<RunItem> = {}, summary?: Partial<NonNullable<RunItem['summary']>>): RunItem {
  const startMs = START_MS + day * DAY_MS;
  const whole = {
    ...{ wallMs: 60_000, spans: 1, lanes: 1, tasks: 3, failed: 0, repositories: [], findings: [] },
    ...{ verdict: { word: 'yes' as const, rule: 'none', reason: 'done' }, ...summary },
  };
  return {
    ...{
      id,
      name: id,
      command: 'node app.js',
      state: 'ended',
      bytes: 1,
      changedMs: startMs,
      startMs,
      endMs: startMs + 60_000,
      exitCode: 0,
    },
    ...(summary === undefined ? {} : { summary: whole }),
    ...change,
  };
}

const runs: readonly RunItem[] = [
  item('nightly', 0, {}, { wallMs: 600_000, cost: 2.5, repositories: ['shop'] }),
  item('failed', 1, { exitCode: 1 }, { wallMs: 20_000, cost: 0.1, verdict: { word: 'no', rule: 'failed', reason: 'x' } }),
  item('killed', 2, { state: 'cut', endMs: undefined, exitCode: undefined }),
  item('slow', 3, {}, { findings: [{ kind: 'merge_conflict', action: 'Merge earlier', seconds: 9, usd: 0 }] }),
];
const found = (search: string): string[] => runsFound(runs, search).map(({ id }) => id);

describe('a search in the list of runs', () => {
  test.each([
    ['', ['nightly', 'failed', 'killed', 'slow']],
    ['NIGHT', ['nightly']],
    ['shop', ['nightly']],
    ['2026-11-03', ['failed']],
    ['exit code', ['nightly', 'failed', 'slow']],
    ['merge conflict', ['slow']],
    ['state:killed', ['killed']],
    ['>5m', ['nightly']],
    ['<30s', ['failed']],
    // A run of which no length is known is neither longer nor shorter.
    ['>1ms', ['nightly', 'failed', 'slow']],
    ['cost>0.50', ['nightly']],
    ['node cost>0.05 <30s', ['failed']],
    ['nobody', []],
  ])('%j means %j', (search, ids) => {
    expect(found(search)).toEqual(ids);
  });
});

describe('the order of the list of runs', () => {
  const ordered = (key: string, isUp: boolean): string[] => inOrder(runs, { key, isUp }).map(({ id }) => id);

  test.each([
    ['when', false, ['slow', 'killed', 'failed', 'nightly']],
    ['name', true, ['failed', 'killed', 'nightly', 'slow']],
    ['cost', false, ['nightly', 'failed', 'killed', 'slow']],
    ['length', false, ['nightly', 'slow', 'failed', 'killed']],
    ['findings', false, ['slow', 'nightly', 'failed', 'killed']],
    // What is not known is neither good nor bad, and stands last.
    ['ok', true, ['failed', 'nightly', 'slow', 'killed']],
  ])('by %s, upwards %j', (key, isUp, ids) => {
    expect(ordered(key, isUp)).toEqual(ids);
  });

  test('does not change the rows that it is given', () => {
    const before = runs.map(({ id }) => id);
    ordered('cost', false);
    expect(runs.map(({ id }) => id)).toEqual(before);
  });
});
