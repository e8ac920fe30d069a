/** OpenAI Realtime, as the API writes the events of one response: GA in the stream, the beta's words in the tools. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const model = 'gpt-realtime';
const usage = {
  total_tokens: 253,
  input_tokens: 132,
  output_tokens: 121,
  input_token_details: {
    text_tokens: 119,
    audio_tokens: 13,
    image_tokens: 0,
    cached_tokens: 64,
    cached_tokens_details: { text_tokens: 64, audio_tokens: 0 },
  },
  output_token_details: { text_tokens: 30, audio_tokens: 91 },
};
const usageRead = expect.objectContaining({
  inputTokens: 132,
  outputTokens: 121,
  cacheReadTokens: 64,
  audioInputTokens: 13,
  audioOutputTokens: 91,
}) as never;
const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
const response = (status: string, more: object = {}): object => ({
  object: 'realtime.response',
  id: 'resp_1',
  conversation_id: 'conv_1',
  status,
  output: [],
  usage: null,
  ...more,
});
const message = { type: 'message', role: 'assistant', content: [{ type: 'output_audio', transcript: 'canary grüßt 🐝' }] };
const done = (output: object): object => ({
  type: 'response.done',
  event_id: 'event_9',
  response: response('completed', { output: [output], usage }),
});

export const table: ProtocolTable = {
  own: [
    ['WEBSOCKET https://api.openai.com/v1/realtime?model=gpt-realtime', 'openai'],
    ['WEBSOCKET https://me.openai.azure.com/openai/realtime?api-version=2024-10-01-preview&deployment=live', 'azure.ai.openai'],
    ['WEBSOCKET https://me.openai.azure.com/openai/v1/realtime?model=live', 'azure.ai.openai'],
    ['WEBSOCKET https://api.x.ai/v1/realtime', 'x_ai'],
  ],
  foreign: [
    ['GET', 'https://api.openai.com/v1/realtime?model=gpt-realtime'],
    ['WEBSOCKET', 'https://corp.example/realtime/v1/websocket'],
  ],
  request: {
    request: { model, instructions: 'canary-rule', temperature: 0.8, max_output_tokens: 64, output_modalities: ['audio'] },
    expected: {
      requestModel: model,
      stream: true,
      attributes: { 'gen_ai.request.temperature': 0.8, 'gen_ai.request.max_tokens': 64, 'gen_ai.output.type': 'speech' },
    },
  },
  plain: {
    answer: done(message),
    expected: { responseId: 'resp_1', finishReasons: ['stop'], usage: usageRead },
  },
  stream: {
    answer: [
      event({ type: 'response.created', event_id: 'event_1', response: response('in_progress') }),
      event({ type: 'response.output_audio_transcript.delta', response_id: 'resp_1', delta: 'canary grüßt ' }),
      event({ type: 'response.output_audio.delta', response_id: 'resp_1', delta: 'CANARY' }),
      event({ type: 'response.output_audio_transcript.delta', response_id: 'resp_1', delta: '🐝' }),
      event(done(message)),
    ].join(''),
    outputs: 3,
    expected: { responseId: 'resp_1', finishReasons: ['stop'], usage: usageRead },
  },
  errors: {
    status: {
      status: 401,
      answer: { error: { message: 'canary', type: 'invalid_request_error', code: 'invalid_api_key' } },
      expected: { errorType: 'invalid_api_key' },
    },
    body: {
      answer: {
        type: 'error',
        event_id: 'event_2',
        error: { type: 'invalid_request_error', code: 'conversation_already_has_active_response', message: 'canary' },
      },
      expected: { statusCode: 200, errorType: 'conversation_already_has_active_response' },
    },
    event: {
      answer: [
        event({ type: 'response.created', response: response('in_progress') }),
        event({
          type: 'response.done',
          response: response('failed', {
            status_details: { type: 'failed', error: { type: 'server_error', code: null, message: 'canary' } },
          }),
        }),
      ].join(''),
      expected: { statusCode: 200, errorType: 'server_error' },
    },
  },
  tools: { doesNotApply: 'results of tools are messages of the session; test/e2e/websocket.test.ts has them' },
  content: {
    request: { model, instructions: 'canary-rule' },
    asked: { 'gen_ai.system_instructions': [{ type: 'text', content: 'canary-rule' }] },
    answered: { 'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'canary grüßt 🐝' }] }] },
  },
};
