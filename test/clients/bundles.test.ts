/** One program in every module system and bundle, loaded in every way: it prints the same, and each call is one span. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NODE_VERSIONS, nodeBinary } from '../../tools/node-versions.ts';
import { ensureBuilt, runProgram, startModels, startSink, type Models, type Preload } from '../harness/index.ts';
import { spansOf } from '../harness/received.ts';
import { CALLS, FORMS, makeForms, type Form } from './bundles.ts';

const MINUTES = 60_000;
const HOUSE = process.versions.node;
const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

let models: Models;
let folders: Awaited<ReturnType<typeof makeForms>>;
beforeAll(async () => {
  ensureBuilt();
  models = await startModels({ answersAll: false });
  models.mock.onMessage(/[^]*/, { content: 'pong', usage });
  folders = await makeForms();
}, 15 * MINUTES);
afterAll(() => models.close());

async function expectSeen({ file, isBundle = false, nodeArgs }: Form, version: string, preloads: readonly Preload[]): Promise<void> {
  const program = {
    node: nodeBinary(version),
    nodeArgs: nodeArgs?.(version) ?? [],
    file: join(isBundle ? folders.bundles : folders.sources, file),
    env: { BASE_URL: models.openaiUrl },
    timeoutMs: 5 * MINUTES,
  };
  const withoutPid = (text: string): string => text.replaceAll(/\(node:\d+\)/g, '(node)');
  const plain = await runProgram({ ...program, preload: 'none' });
  expect(plain).toMatchObject({ code: 0, stdout: 'pong pong pong pong\n' });
  for (const preload of preloads) {
    const sink = await startSink();
    const env = { ...program.env, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' };
    const loaded = await runProgram({ ...program, env, preload });
    await sink.close();
    expect([loaded.code, loaded.stdout, withoutPid(loaded.stderr)]).toEqual([0, plain.stdout, withoutPid(plain.stderr)]);
    const calls = spansOf(sink).filter(({ attributes }) => attributes['gen_ai.provider.name'] !== undefined);
    expect(calls.map(({ name }) => name).sort()).toEqual(CALLS.map((model) => `chat ${model}`).sort());
    for (const { attributes } of calls)
      expect(attributes).toMatchObject({
        'gen_ai.usage.input_tokens': 11,
        'gen_ai.usage.output_tokens': 7,
        'swarmscope.inference.ending': 'complete',
      });
    const streamed = calls.find(({ name }) => name === 'chat by-openai')?.attributes;
    expect(streamed?.['gen_ai.response.time_to_first_chunk']).toEqual(expect.any(Number));
  }
}

describe.each(FORMS)('$title', (form) => {
  test(
    'is recorded alike by --require, --import and NODE_OPTIONS',
    () => expectSeen(form, HOUSE, ['require', 'import', 'NODE_OPTIONS']),
    30 * MINUTES,
  );

  test.each(NODE_VERSIONS.filter((version) => version !== HOUSE))(
    'is recorded on Node %s',
    (version) => expectSeen(form, version, ['require']),
    30 * MINUTES,
  );
});
