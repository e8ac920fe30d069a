// What `swarmscope report --local` adds up and says.
import { expect, test } from '@jest/globals';
import { createPricing } from '../../src/pricing/index.ts';
import { createCosts, localReport } from '../../src/sessions/index.ts';
import { localJson, localText } from '../../src/cli/local/text.ts';
import { sinceOf } from '../../src/cli/local/period.ts';
import { homeWith, read, recordedPlace } from './reading.ts';

const costOf = createCosts(createPricing());

test('the calls of three agents add up to the same sums by each grouping', () => {
  const { store } = read(recordedPlace);
  for (const by of ['dir', 'branch', 'model', 'agent'] as const) {
    const { groups, total } = localReport(store, { by, costOf });
    expect(total).toMatchObject({ calls: 10, tokens: { inputTokens: 11_100, outputTokens: 187 } });
    expect(groups.reduce((sum, { calls }) => sum + calls, 0)).toBe(10);
  }
});

test('groups are named, and what is not told has no name', () => {
  const { store } = read(recordedPlace);
  const by = (grouping: 'branch' | 'agent'): unknown[] =>
    localReport(store, { by: grouping, costOf }).groups.map(({ name, calls, sessions }) => [name, calls, sessions]);
  expect(by('agent').sort()).toEqual([
    ['claude', 4, 2],
    ['codex', 3, 1],
    ['gemini', 3, 1],
  ]);
  expect(by('branch').sort()).toEqual([
    [undefined, 6, 2],
    ['topic', 4, 2],
  ]);
});

test('each class of tokens has its own price, and an unknown price is no zero', () => {
  const usage = { input_tokens: 1_000_000, cache_read_input_tokens: 1_000_000, cache_creation_input_tokens: 0, output_tokens: 1_000_000 };
  const row = (id: string, model: string): object => ({
    type: 'assistant',
    sessionId: 'one',
    timestamp: '2026-11-30T12:00:00.000Z',
    message: { id, model, content: [], usage },
  });
  const { store } = read({
    home: homeWith({ '.claude/projects/p/one.jsonl': [row('msg_1', 'claude-sonnet-4-20250514'), row('msg_2', 'nobody-knows-1')] }),
  });
  const { total } = localReport(store, { by: 'dir', costOf });
  const { amount } = createPricing().priceOf({
    ...{ provider: 'anthropic', model: 'claude-sonnet-4-20250514', time: Date.parse('2026-11-30T12:00:00.000Z') },
    usage: { inputTokens: 2_000_000, outputTokens: 1_000_000, cacheReadTokens: 1_000_000, cacheWriteTokens: 0 },
  }) as { amount: number };
  expect(total.cost).toBeCloseTo(amount, 6);
  expect(total.callsWithoutPrice).toBe(1);
});

test('calls before the time that was asked for are in no sum', () => {
  const { store } = read(recordedPlace);
  const sinceMs = Date.parse('2026-11-30T14:46:00.000Z');
  expect(
    localReport(store, { by: 'agent', sinceMs, costOf })
      .groups.map(({ name }) => name)
      .sort(),
  ).toEqual(['codex', 'gemini']);
});

test('a span and a day are understood, and nothing else', () => {
  const now = new Date(2026, 10, 30, 12).getTime();
  expect(sinceOf('7d', now)).toBe(now - 7 * 86_400_000);
  expect(sinceOf('30m', now)).toBe(now - 1_800_000);
  expect(sinceOf('2026-11-01', now)).toBe(new Date(2026, 10, 1).getTime());
  for (const text of ['', '7', 'd', '7y', '-7d', '2026-02-31', '2026-13-01', 'yesterday']) expect(sinceOf(text, now)).toBeUndefined();
});

test('the text says what the sums lack, and shows no escape sequence of a folder name', () => {
  const { store } = read(recordedPlace);
  const report = localReport(store, { by: 'dir', costOf });
  const group = { ...report.total, name: '/work/\u001b[31mred' };
  const facts = { sinceMs: undefined, older: 3, home: '/work', prices: 'a table' };
  const text = localText({ ...facts, report: { ...report, groups: [group], counts: { ...report.counts, unreadableRows: 2 } } });
  expect(text).not.toContain('\u001b');
  expect(text).toContain('2 rows were cut or no JSON');
  expect(text).toContain('3 files did not change since then');
  expect(JSON.parse(localJson({ ...facts, report }))).toMatchObject({
    schemaVersion: 1,
    by: 'dir',
    total: { calls: 10, inputTokens: 11_100 },
    reading: { calls: 10 },
  });
});

test('without a session file it says whose files are looked for', () => {
  const { store } = read({ home: '/nonexistent' });
  const text = localText({ report: localReport(store, { by: 'dir', costOf }), sinceMs: undefined, older: 0, home: '', prices: '' });
  expect(text).toContain('No session file of an agent was found');
});
