/** One request of each protocol that says all that it can, and an answer that counts all that it can. */
import { protocol as anthropic } from '../../src/protocols/anthropic-messages/index.ts';
import { protocol as converse } from '../../src/protocols/bedrock-converse/index.ts';
import { protocol as cohere } from '../../src/protocols/cohere/index.ts';
import { protocol as gemini } from '../../src/protocols/gemini/index.ts';
import { protocol as ollama } from '../../src/protocols/ollama/index.ts';
import { protocol as chat } from '../../src/protocols/openai-chat/index.ts';
import { protocol as responses } from '../../src/protocols/openai-responses/index.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import type { Call } from './call.ts';

const messages = [{ role: 'user', content: 'canary' }];
const openai = {
  ...{ model: 'm', temperature: 0.5, top_p: 0.9, top_k: 40, frequency_penalty: 0.1, presence_penalty: 0.2, seed: 7, n: 2 },
  ...{ stop: ['x'], service_tier: 'flex', stream: true },
};
const details = { cached_tokens: 3, audio_tokens: 1, image_tokens: 1, cache_write_tokens: 2 };

export const full: Readonly<Record<string, { protocol: Protocol; call: Call }>> = {
  chat: {
    protocol: chat,
    call: {
      request: { ...openai, messages, max_completion_tokens: 9, reasoning_effort: 'low', response_format: { type: 'json_object' } },
      answer: {
        ...{
          id: 'id',
          model: 'm',
          service_tier: 'flex',
          system_fingerprint: 'fp',
          choices: [{ index: 0, message: {}, finish_reason: 'stop' }],
        },
        usage: {
          ...{ prompt_tokens: 10, completion_tokens: 9, prompt_tokens_details: details },
          completion_tokens_details: { reasoning_tokens: 2, audio_tokens: 1, image_tokens: 1 },
        },
      },
    },
  },
  responses: {
    protocol: responses,
    call: {
      path: '/v1/responses',
      request: {
        ...{ ...openai, max_output_tokens: 9, reasoning: { effort: 'low' }, text: { format: { type: 'json_object' } } },
        ...{ input: [{ type: 'compaction' }], previous_response_id: 'resp_0', conversation: 'conv' },
      },
      answer: {
        ...{ id: 'id', object: 'response', model: 'm', status: 'completed', service_tier: 'flex', output: [] },
        usage: { input_tokens: 10, output_tokens: 9, input_tokens_details: details, output_tokens_details: { reasoning_tokens: 2 } },
      },
    },
  },
  anthropic: {
    protocol: anthropic,
    call: {
      request: {
        ...{ model: 'm', max_tokens: 9, temperature: 0.5, top_p: 0.9, top_k: 40, stop_sequences: ['x'], stream: true },
        ...{ output_config: { effort: 'low', format: { type: 'json_schema' } } },
        messages: [{ role: 'assistant', content: [{ type: 'compaction' }] }, ...messages],
      },
      answer: {
        ...{ id: 'id', type: 'message', model: 'm', stop_reason: 'end_turn', content: [] },
        usage: {
          input_tokens: 10,
          output_tokens: 9,
          cache_read_input_tokens: 3,
          cache_creation_input_tokens: 2,
          output_tokens_details: { thinking_tokens: 4 },
        },
      },
    },
  },
  gemini: {
    protocol: gemini,
    call: {
      path: '/v1beta/models/m:streamGenerateContent',
      request: {
        contents: [],
        generationConfig: {
          ...{ temperature: 0.5, topP: 0.9, topK: 40, frequencyPenalty: 0.1, presencePenalty: 0.2, seed: 7, candidateCount: 2 },
          ...{ stopSequences: ['x'], maxOutputTokens: 9, responseMimeType: 'application/json', thinkingConfig: { thinkingLevel: 'low' } },
        },
      },
      answer: [
        {
          ...{ responseId: 'id', modelVersion: 'm', candidates: [{ finishReason: 'STOP' }] },
          usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 7, thoughtsTokenCount: 2, cachedContentTokenCount: 3 },
        },
      ],
    },
  },
  converse: {
    protocol: converse,
    call: {
      path: '/model/m/converse-stream',
      request: {
        messages: [],
        inferenceConfig: { temperature: 0.5, topP: 0.9, maxTokens: 9, stopSequences: ['x'] },
        additionalModelRequestFields: { top_k: 40 },
      },
      answer: {
        stopReason: 'end_turn',
        usage: { inputTokens: 10, outputTokens: 9, cacheReadInputTokens: 3, cacheWriteInputTokens: 2 },
      },
    },
  },
  ollama: {
    protocol: ollama,
    call: {
      path: '/api/chat',
      request: {
        ...{ model: 'm', messages, format: 'json', think: 'low', stream: true },
        options: {
          ...{ temperature: 0.5, top_p: 0.9, top_k: 40, frequency_penalty: 0.1, presence_penalty: 0.2, seed: 7 },
          ...{ stop: ['x'], num_predict: 9 },
        },
      },
      answer: { model: 'm', message: {}, done: true, done_reason: 'stop', prompt_eval_count: 10, eval_count: 9, load_duration: 1e9 },
    },
  },
  cohere: {
    protocol: cohere,
    call: {
      path: '/v2/chat',
      request: {
        ...{ model: 'm', messages, temperature: 0.5, p: 0.9, k: 40, frequency_penalty: 0.1, presence_penalty: 0.2, seed: 7, stream: true },
        ...{ stop_sequences: ['x'], max_tokens: 9, response_format: { type: 'json_object' } },
      },
      answer: {
        ...{ id: 'id', finish_reason: 'COMPLETE', message: {} },
        usage: { billed_units: { input_tokens: 10, output_tokens: 9 }, tokens: { input_tokens: 12, output_tokens: 9 }, cached_tokens: 3 },
      },
    },
  },
};
