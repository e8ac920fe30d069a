/** Every example of the pages below runs as it stands, with the preload, and says nothing on stderr; each export of the API is in one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { repository, runProgram, startSink, type Sink } from '../harness/index.ts';
import { apiModule, endpointOf } from './programs.ts';

const PAGES = ['api', 'budgets', 'events', 'policies', 'resources', 'snapshots'];
/** By another test, beside the packages of OpenTelemetry that it is for. */
const RUN_ELSEWHERE = ['swarmscopeInstrumentations'];

const examplesOf = (page: string): string[] => {
  const text = readFileSync(join(repository, 'docs', `${page}.md`), 'utf8');
  return [...text.matchAll(/^```js\n([^]*?)^```/gm)].map(([, example = '']) => example);
};
let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
});
afterAll(async () => sink.close());

// One process a page: what an example leaves behind is what the next one of a reader's file would find, too.
describe.each(PAGES)('docs/%s.md', (page) => {
  test('each example runs', async () => {
    const examples = examplesOf(page).map((text) => text.replaceAll("from 'swarmscope'", `from ${apiModule}`));
    expect(examples.length).toBeGreaterThan(0);
    const names = examples.map((_, index) => `example-${index}.mjs`);
    const files = Object.fromEntries(examples.map((text, index) => [names[index] ?? '', text]));
    const main = names.map((name) => `await import('./${name}');`).join('\n');
    const { code, stderr } = await runProgram({ files: { 'app.mjs': main, ...files }, env: endpointOf(sink) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

test('each export is in an example', async () => {
  const api = (await import(pathToFileURL(join(repository, 'dist/index.mjs')).href)) as object;
  const imported = PAGES.flatMap(examplesOf).flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from 'swarmscope'/g)].flatMap(([, names = '']) => names.split(',').map((name) => name.trim())),
  );
  expect([...new Set([...imported, ...RUN_ELSEWHERE])].sort()).toEqual(Object.keys(api).sort());
});
