/** The user's own prices, in a whole program under the built preload. */
import { expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder, runProgram, startModels, startSink } from '../harness/index.ts';
import { spansOf } from '../harness/received.ts';

const noSpan: { attributes: Record<string, unknown> } = { attributes: {} };

test.each([
  ['a good file gives the price', '{"models": {"gpt-4.1-mini": {"inputPerMillion": 1000000, "outputPerMillion": 0}}}', true],
  ['a file with a fault in it is not used', '{"models": {"gpt-4.1-mini": {"inputPerMillion": -1}}}', false],
])('%s', async (_title, text, isOwn) => {
  const file = join(freshFolder('prices'), 'prices.json');
  writeFileSync(file, text);
  const [sink, models] = await Promise.all([startSink(), startModels()]);
  const program = `fetch(process.env.MODELS + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4.1-mini', messages: [{ role: 'user', content: 'hello' }] }) }).then((response) => response.text()).then(() => console.log('done'))`;
  const result = await runProgram({
    files: { 'app.cjs': program },
    env: { MODELS: models.url, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_PRICES: file, SWARMSCOPE_EXIT_TIMEOUT: '10000' },
  });
  await Promise.all([sink.close(), models.close()]);
  expect(result).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
  const { attributes } = spansOf(sink).find(({ name }) => name.startsWith('chat')) ?? noSpan;
  expect(attributes['gen_ai.usage.input_tokens']).toBeGreaterThan(0);
  if (isOwn)
    expect(attributes).toMatchObject({
      'swarmscope.cost.amount': attributes['gen_ai.usage.input_tokens'],
      'swarmscope.cost.price_table.version': 'own prices file',
    });
  else expect(attributes['swarmscope.cost.price_table.version']).not.toBe('own prices file');
});
