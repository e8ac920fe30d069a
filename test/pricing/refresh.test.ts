// Prices that are fetched by command: what is taken for a table, where it is kept, and what becomes of a file that is none.
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { waitForUpdate } from '@pydantic/genai-prices';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createPricer } from '../../src/analysis/price.ts';
import type { SpanRow } from '../../src/analysis/model.ts';
import { isPackedTable, isQuickExpression } from '../../src/pricing/check.ts';
import { createPricing, tableVersion } from '../../src/pricing/index.ts';
import { tableFrom } from '../../src/pricing/refresh.ts';
import { refreshedPath, refreshedText, type Places } from '../../src/pricing/refreshed.ts';

const base = mkdtempSync(join(tmpdir(), 'swarmscope-refresh-'));
afterAll(() => rmSync(base, { recursive: true }));

let places: Places = { cacheFolder: '', stateFolder: '', dataFolder: '', home: base };
let count = 0;
beforeEach(() => {
  places = { ...places, cacheFolder: join(base, String(count++)) };
});

const time = Date.parse('2026-11-21T12:00:00Z');
const usage = { inputTokens: 1_000_000, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
const asked = { provider: 'openai', model: 'gpt-4.1-mini', usage, time };

/** The real data, in which one model costs something else. */
async function data(inputPrice = 7): Promise<unknown[]> {
  const providers = structuredClone((await waitForUpdate()) ?? []);
  for (const { models } of providers)
    for (const model of models) if (model.id === 'gpt-4.1-mini') model.prices = { input_mtok: inputPrice, output_mtok: 8 };
  return providers;
}

function keep(text: string): string {
  const path = refreshedPath(places);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

async function made(): Promise<string> {
  const found = tableFrom(JSON.stringify(await data()), { source: 'https://prices.example/data.json', day: '2026-11-30' });
  if ('problem' in found) throw new Error(found.problem);
  return refreshedText(found.table);
}

describe('a fetched table', () => {
  test('takes the place of the built-in one, and its version stands on what it prices', async () => {
    keep(await made());
    const pricing = createPricing(places);
    expect(pricing.priceOf(asked)).toEqual({
      amount: 7,
      tableVersion: expect.stringMatching(/^genai-prices 2026-11-30 [\da-f]{8}$/) as never,
    });
    expect(pricing.contextWindowOf(asked)).toBe(1_000_000);
    expect(pricing.tableProblem).toBeUndefined();
  });

  test('prices what the receiver takes as well', async () => {
    keep(await made());
    const attributes = {
      ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4.1-mini' },
      ...{ 'gen_ai.usage.input_tokens': 1_000_000, 'gen_ai.usage.output_tokens': 0 },
    };
    const span = { startMs: time, endMs: time + 1, attributes } as unknown as SpanRow;
    expect(createPricer(places)(span).attributes['swarmscope.cost.amount']).toBe(7);
  });

  test('stands behind the file of the user', async () => {
    keep(await made());
    const pricesFile = join(base, 'own.json');
    writeFileSync(pricesFile, JSON.stringify({ models: { 'gpt-4.1-mini': { inputPerMillion: 1, outputPerMillion: 1 } } }));
    expect(createPricing({ ...places, pricesFile }).priceOf(asked)).toEqual({ amount: 1, tableVersion: 'own prices file' });
  });

  test('is not looked for where nobody says where it is', () => {
    expect(createPricing().priceOf(asked)).toMatchObject({ tableVersion });
  });

  test.each<[what: string, change: (path: string, text: string) => void, problem: string | undefined]>([
    ['is not there', (path) => rmSync(path), undefined],
    ['is cut', (path, text) => writeFileSync(path, text.slice(0, 1_000)), 'invalid JSON'],
    ['is empty', (path) => writeFileSync(path, ''), 'invalid JSON'],
    ['is another document', (path) => writeFileSync(path, '[]'), 'fetched for another version of swarmscope'],
    ['is null', (path) => writeFileSync(path, 'null'), 'fetched for another version of swarmscope'],
    [
      'was made for another package',
      (path, text) => writeFileSync(path, text.replace(tableVersion, 'genai-prices 0.0.1')),
      'fetched for another version of swarmscope',
    ],
    ['has a negative price', (path, text) => writeFileSync(path, text.replace('[7,8]', '[-7,8]')), 'no table of prices'],
    ['has a text for a price', (path, text) => writeFileSync(path, text.replace('[7,8]', '["7",8]')), 'no table of prices'],
    ['is huge', (path, text) => writeFileSync(path, text + ' '.repeat(1_048_576)), 'no private file of this user, or too large'],
    ['can be read by others', (path) => chmodSync(path, 0o644), 'no private file of this user, or too large'],
    ['has a second name', (path) => linkSync(path, `${path}.other`), 'no private file of this user, or too large'],
    [
      'is a link',
      (path, text) => {
        rmSync(path);
        writeFileSync(`${path}.target`, text, { mode: 0o600 });
        symlinkSync(`${path}.target`, path);
      },
      'no private file of this user, or too large',
    ],
    [
      'is a folder',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
      'no private file of this user, or too large',
    ],
  ])('that %s leaves the built-in one', async (_what, change, problem) => {
    const text = await made();
    change(keep(text), text);
    const pricing = createPricing(places);
    expect(pricing.priceOf(asked)).toEqual({ amount: expect.closeTo(0.4) as never, tableVersion });
    expect(pricing.tableProblem).toBe(problem);
  });
});

describe('data that is fetched', () => {
  const from = { source: 'there', day: '2026-11-30' };

  test.each(['', 'no JSON', '{}', '[]', 'null', '[{"id":"openai","models":[]}]'])('%j is none', (text) => {
    expect(tableFrom(text, from)).toMatchObject({ problem: expect.any(String) as never });
  });

  test('loses the models that cannot be read, and only those', async () => {
    const good = { id: 'm', match: { equals: 'm' }, prices: { input_mtok: 1 } };
    const bad = [
      {},
      null,
      { ...good, match: { regex: '(a+)+$' } },
      { ...good, match: { regex: '(' } },
      { ...good, match: { equals: '' } },
      { ...good, match: { and: [] } },
      { ...good, match: { or: [{ starts_with: 'a' }, {}] } },
      { ...good, prices: { input_mtok: -1 } },
      { ...good, prices: { input_mtok: 1e12 } },
      { ...good, prices: { input_mtok: { base: 1, tiers: [{ start: 'x', price: 2 }] } } },
      { ...good, prices: [{ constraint: { start_date: 'never' }, prices: {} }] },
      { ...good, prices: [{ constraint: { start_time: '25:00', end_time: 'x' }, prices: {} }] },
      { ...good, context_window: -1 },
      { ...good, match: { equals: 'x'.repeat(300) } },
    ];
    const document = (await data()) as { id: string; models: unknown[] }[];
    document.find(({ id }) => id === 'openai')?.models.push(...bad);
    expect(tableFrom(JSON.stringify(document), from)).toMatchObject({ leftOut: bad.length });
  });

  test('is a table that the check of files takes', async () => {
    const found = tableFrom(JSON.stringify(await data()), from);
    expect('table' in found && isPackedTable(structuredClone(found.table.providers))).toBe(true);
  });
});

test.each([
  ['^claude-fable-5-\\d{8}$', true],
  ['^(?!.*-[tT][tT][sS](?:$|-))', true],
  ['gpt-(?:4|5)', true],
  ['(a|a)*b', false],
  ['(?:a+){2,}', false],
  ['a*b*c*d', false],
  ['(a)\\1', false],
  ['(', false],
])('the expression %s is quick: %s', (source, isQuick) => expect(isQuickExpression(source)).toBe(isQuick));
