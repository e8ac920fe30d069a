/** Every example of the pages below runs as it stands, with the preload, and says nothing on stderr. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { repository, runProgram, startSink, type Sink } from '../harness/index.ts';
import { apiModule, endpointOf } from './programs.ts';

const PAGES = ['budgets', 'events', 'resources', 'snapshots'];
let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
});
afterAll(async () => sink.close());

describe.each(PAGES)('docs/%s.md', (page) => {
  const text = readFileSync(join(repository, 'docs', `${page}.md`), 'utf8');
  const examples = [...text.matchAll(/^```js\n([^]*?)^```/gm)].map(([, example = '']) => example);

  test('has examples', () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  test.each(examples)('%#', async (example) => {
    const source = example.replaceAll("from 'swarmscope'", `from ${apiModule}`);
    const { code, stderr } = await runProgram({ files: { 'app.mjs': source }, env: endpointOf(sink) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
