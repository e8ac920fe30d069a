/** Programs that exit the moment they have their answer, compressed or not: the call is recorded whole. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ATTR_ERROR_TYPE, ATTR_GEN_AI_USAGE_INPUT_TOKENS, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS } from '../../../../src/semconv/index.ts';
import { runProgram, startSink, type Sink } from '../../../harness/index.ts';
import { spansOf } from '../../../harness/received.ts';
import { TOKENS } from './answers.ts';
import { startScriptedServer, type ScriptedServer } from './server.ts';

const SCENARIOS = ['ok', 'stream', 'gzip', 'deflate', 'br', 'zstd', 'gzip-stream', 'br-stream'];

let scripted: ScriptedServer;
let sink: Sink;
beforeAll(async () => {
  scripted = await startScriptedServer();
  sink = await startSink();
});
afterAll(async () => {
  await sink.close();
  await scripted.close();
});

test.each(['fetch', 'node:http'].flatMap((way) => SCENARIOS.map((scenario) => [way, scenario] as const)))(
  'process.exit() on the last byte, by %s: %s',
  async (way, scenario) => {
    const model = `${way} ${scenario}`;
    const { code, stderr } = await runProgram({
      file: join(import.meta.dirname, 'programs/exits.cjs'),
      args: [`${scripted.url}/${scenario}/exit/v1/chat/completions`, way, model],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
    });
    expect([code, stderr]).toEqual([0, '']);
    const calls = spansOf(sink).filter(({ name }) => name === `chat ${model}`);
    expect(calls.map(({ attributes }) => attributes[ATTR_ERROR_TYPE])).toEqual([undefined]);
    expect(calls[0]?.attributes).toMatchObject({
      [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: TOKENS[0],
      [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: TOKENS[1],
    });
  },
);
