/** OpenAI's responses, spoken by the SDKs that people run, each in a process of its own, against aimock. */
import { mkdtempSync, copyFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS } from '../../src/semconv/index.ts';
import { startModels, type Models } from '../harness/index.ts';
import { observe, totalOf, type Seen } from '../e2e/programs.ts';
import { installLlmSdks } from './install.ts';

const SDKS = ['openai4', 'openai5', 'openai6', 'openai7', 'ai5', 'ai6', 'ai7', '@openai/agents'];
const usage = { input_tokens: 11, output_tokens: 7, total_tokens: 18, prompt_tokens: 11, completion_tokens: 7 };

let models: Models;
let program: string;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  models.mock.on(
    { userMessage: 'use a tool', hasToolResult: false },
    { toolCalls: [{ name: 'look_up', arguments: '{"what":"x"}' }], usage },
  );
  models.mock.onMessage(/[^]*/, { content: 'pong', usage });
  const folder = mkdtempSync(join(tmpdir(), 'swarmscope-llm-'));
  symlinkSync(installLlmSdks(), join(folder, 'node_modules'));
  program = join(folder, 'program.mjs');
  copyFileSync(join(import.meta.dirname, 'programs/responses.mjs'), program);
}, 600_000);
afterAll(() => models.close());

describe.each(SDKS)('%s', (sdk) => {
  let seen: Seen;
  beforeAll(async () => {
    models.mock.resetMatchCounts();
    seen = await observe('with the preload alone', { file: program, args: [sdk], env: models.env });
  });

  test('gets its answers', () => {
    expect(seen).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(seen.stdout)).toEqual(['pong', 'pong', 'pong']);
  });

  test('has one span for each call, with its model and its tokens, and each is counted once', () => {
    const calls = seen.spans.filter(({ name }) => name === 'chat gpt-5');
    expect(calls).toHaveLength(4);
    for (const { attributes } of calls) {
      expect(attributes).toMatchObject({
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-5',
        'gen_ai.usage.input_tokens': 11,
        'gen_ai.usage.output_tokens': 7,
        'swarmscope.cost.currency': 'USD',
      });
      expect(attributes['error.type']).toBeUndefined();
    }
    expect(totalOf(seen.points, METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS.name)).toBe(44);
  });

  test('has the time to the first chunk of the stream, the tool that was called, and the time that it took', () => {
    const calls = seen.spans.filter(({ name }) => name === 'chat gpt-5');
    const streamed = calls.filter(({ attributes }) => attributes['gen_ai.request.stream'] === true);
    expect(streamed.map(({ attributes }) => attributes['gen_ai.response.time_to_first_chunk'])).toEqual([expect.any(Number)]);
    const asking = calls.filter(({ attributes }) => attributes['swarmscope.tool.called.names'] !== undefined);
    expect(asking.map(({ attributes }) => attributes['gen_ai.response.finish_reasons'])).toEqual([['tool_call']]);
    expect(seen.spans.filter(({ name }) => name === 'execute_tool look_up')).toHaveLength(1);
  });
});
