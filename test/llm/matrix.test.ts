/**
 * Each library of the matrix makes its calls in each mode, in one process of its own; each cell of docs/llm.md is a
 * test. `UPDATE_LLM_RESULTS=1` writes what was seen to results.json, from which tools/generate-llm-matrix.ts makes the page;
 * `LLM_ROWS=openai,gemini` runs the rows whose id has one of these words.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS } from '../../src/semconv/index.ts';
import { totalOf } from '../e2e/programs.ts';
import { startModels, type Models } from '../harness/index.ts';
import { INPUT_TOKENS, OUTPUT_TOKENS } from './answers.ts';
import { expectedFacts, faultsOf } from './judge.ts';
import { installed, ROWS as ALL, type Row } from './matrix.ts';
import { ANSWER, FACTS } from './modes.ts';
import type { Results, RowResult } from './results.ts';
import { programsFolder, runRow, type RowSeen } from './run-row.ts';

const RESULTS = join(import.meta.dirname, 'results.json');
const WORDS = (process.env['LLM_ROWS'] ?? '').split(',');
const ROWS = ALL.filter(({ id }) => WORDS.some((word) => id.includes(word)));
/** Most of a row is waiting for its timeouts. */
const AT_ONCE = 4;
const usage = {
  input_tokens: INPUT_TOKENS,
  output_tokens: OUTPUT_TOKENS,
  total_tokens: INPUT_TOKENS + OUTPUT_TOKENS,
  prompt_tokens: INPUT_TOKENS,
  completion_tokens: OUTPUT_TOKENS,
};

let models: Models;
/** Settled as the rows are run, several at once. */
const runs = new Map<string, Promise<RowSeen>>();
const results: Results = Object.fromEntries(ROWS.map((row) => [row.id, resultOf(row)]));

beforeAll(async () => {
  models = await startModels({ answersAll: false });
  models.mock.on(
    { userMessage: 'use a tool', hasToolResult: false },
    { toolCalls: [{ name: 'look_up', arguments: '{"what":"x"}' }], usage },
  );
  models.mock.on({ userMessage: 'answer as json' }, { content: '{"answer":"pong"}', usage });
  models.mock.onMessage(/[^]*/, { content: ANSWER, usage });
  const folder = programsFolder();
  const lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve<unknown>(undefined));
  for (const [index, row] of ROWS.entries()) {
    const lane = index % AT_ONCE;
    const run = (lanes[lane] as Promise<unknown>).then(() => runRow(row, folder, models.url));
    lanes[lane] = run.catch(() => undefined);
    runs.set(row.id, run);
  }
}, 600_000);
afterAll(() => models.close());

describe.each(ROWS)('$id', (row) => {
  let ran: RowSeen;
  beforeAll(async () => {
    ran = await (runs.get(row.id) as Promise<RowSeen>);
  }, 600_000);

  test.each(row.modes)('$title', (mode) => {
    const calls = ran.calls.get(mode.name) ?? [];
    const faults = faultsOf(row, mode, calls, ran.seen.spans);
    (results[row.id] as RowResult).cells[mode.name] = FACTS.filter(
      ({ fact }) => expectedFacts(row, mode).includes(fact) && !faults.has(fact),
    )
      .map(({ letter }) => letter)
      .join('');
    if (mode.told === undefined) expect(ran.told[mode.name]).toHaveProperty('threw');
    else expect(ran.told[mode.name]).toEqual(mode.told);
    expect(Object.fromEntries(faults)).toEqual({});
  });

  test('prints nothing of its own, and each call is counted once', () => {
    // What is printed then is the report, when the program has ended.
    const stderr: unknown = row.way === undefined ? '' : expect.stringMatching(/^\nswarmscope {2}modes /);
    expect(ran.seen).toMatchObject({ code: 0, stderr });
    expect(ran.stray).toEqual([]);
    const answered = row.modes
      .flatMap(({ calls }) => calls)
      .filter(({ ending, isEmbedding }) => ending === 'complete' && isEmbedding !== true);
    if (row.untold?.['tokens'] === undefined)
      expect(totalOf(ran.seen.points, METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS.name)).toBe(answered.length * OUTPUT_TOKENS);
  });
});

test('what was seen is what docs/llm.md shows', () => {
  const committed = JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
  const now = Object.fromEntries(ALL.map(({ id }) => [id, results[id] ?? committed[id]]));
  if (process.env['UPDATE_LLM_RESULTS'] === '1') writeFileSync(RESULTS, `${JSON.stringify(now, null, 2)}\n`);
  else expect(now).toEqual(committed);
});

function resultOf({ packages, speaks, sdk, untold }: Row): RowResult {
  const names = sdk === 'ai' ? packages : packages.slice(0, 1);
  const library =
    names.length === 0
      ? 'no SDK: `fetch`'
      : names
          .map(installed)
          .map(({ library: name, version }) => `\`${name}\` ${version}`)
          .join(', ');
  return { library, speaks, cells: {}, ...(untold === undefined ? {} : { untold }) };
}
