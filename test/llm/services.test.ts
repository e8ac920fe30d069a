/** Other protocols than OpenAI's, spoken by the SDKs of their services, each in a process of its own, against aimock. */
import { copyFileSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { observe, type Seen } from '../e2e/programs.ts';
import { startModels, type Models } from '../harness/index.ts';
import { startBedrockFront } from './bedrock-front.ts';
import { startFront, type Front } from './http2-front.ts';
import { installLlmSdks } from './install.ts';

const usage = { input_tokens: 11, output_tokens: 7, total_tokens: 18, prompt_tokens: 11, completion_tokens: 7 };
/** aimock tells no tokens in Ollama's form, and none of a tool call in InvokeModel's. */
const SERVICES = [
  { sdk: '@google/genai', span: 'generate_content gemini-2.5-flash', provider: 'gcp.gemini', tokens: 7 },
  { sdk: 'ollama', span: 'chat qwen3:8b', provider: 'ollama', tokens: 0 },
  { sdk: 'cohere-ai', span: 'chat command-a-03-2025', provider: 'cohere', tokens: 7 },
  {
    sdk: '@anthropic-ai/bedrock-sdk',
    span: 'chat anthropic.claude-sonnet-4-5-20250929-v1:0',
    provider: 'aws.bedrock',
    tokens: undefined,
  },
  { sdk: '@aws-sdk/client-bedrock-runtime', span: 'chat amazon.nova-lite-v1:0', provider: 'aws.bedrock', tokens: 7 },
];

let models: Models;
let front: Front;
let bedrock: Front;
let program: string;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  models.mock.on(
    { userMessage: 'use a tool', hasToolResult: false },
    { toolCalls: [{ name: 'look_up', arguments: '{"what":"x"}' }], usage },
  );
  models.mock.onMessage(/[^]*/, { content: 'pong', usage });
  front = await startFront(models.url);
  bedrock = await startBedrockFront(models.url);
  const folder = mkdtempSync(join(tmpdir(), 'swarmscope-llm-'));
  symlinkSync(installLlmSdks(), join(folder, 'node_modules'));
  program = join(folder, 'program.mjs');
  copyFileSync(join(import.meta.dirname, 'programs/services.mjs'), program);
}, 600_000);
afterAll(async () => {
  front.close();
  bedrock.close();
  await models.close();
});

describe.each(SERVICES)('$sdk', ({ sdk, span, provider, tokens }) => {
  let seen: Seen;
  beforeAll(async () => {
    models.mock.resetMatchCounts();
    const env = { MODELS_URL: models.url, MODELS_HTTP2_URL: front.url, BEDROCK_URL: bedrock.url };
    seen = await observe('with the preload alone', { file: program, args: [sdk], env });
  });

  test('gets its answers', () => {
    expect(seen).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(seen.stdout)).toEqual(['pong', 'pong', 'pong']);
  });

  test('has one span for each call, with its service and its tokens', () => {
    const calls = seen.spans.filter(({ name }) => name === span);
    expect(seen.spans.filter(({ attributes }) => attributes['gen_ai.provider.name'] !== undefined)).toHaveLength(4);
    expect(calls).toHaveLength(4);
    for (const { attributes } of calls) {
      expect(attributes['gen_ai.provider.name']).toBe(provider);
      expect(attributes['gen_ai.usage.output_tokens']).toEqual(tokens ?? expect.any(Number));
      expect(attributes['error.type']).toBeUndefined();
    }
  });

  test('has the time to the first chunk of the stream, and the tool between the call that asked for it and the next', () => {
    const calls = seen.spans.filter(({ name }) => name === span);
    const streamed = calls.filter(({ attributes }) => attributes['gen_ai.request.stream'] === true);
    expect(streamed.map(({ attributes }) => attributes['gen_ai.response.time_to_first_chunk'])).toEqual([expect.any(Number)]);
    expect(calls.filter(({ attributes }) => attributes['swarmscope.tool.called.names'] !== undefined)).toHaveLength(1);
    expect(seen.spans.filter(({ name }) => name === 'execute_tool look_up')).toHaveLength(1);
  });
});
