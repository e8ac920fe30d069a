/** Speech and transcriptions of OpenAI, as the API and the servers that speak the same write them. */
import type { ProtocolTable } from '../protocol.cases.ts';

const transcriptions = '/v1/audio/transcriptions';
const usage = {
  type: 'tokens',
  total_tokens: 29,
  input_tokens: 14,
  input_token_details: { text_tokens: 0, audio_tokens: 14 },
  output_tokens: 15,
};
const usageRead = { inputTokens: 14, outputTokens: 15, audioInputTokens: 14 };
const event = (type: string, data: object): string => `data: ${JSON.stringify({ type, ...data })}\n\n`;
const delta = (text: string): string => event('transcript.text.delta', { delta: text, logprobs: [] });
const done = event('transcript.text.done', { text: 'canary grüßt 🐝', logprobs: [], usage });

export const table: ProtocolTable = {
  own: [
    ['https://api.openai.com/v1/audio/speech', 'openai'],
    ['https://api.openai.com/v1/audio/transcriptions', 'openai'],
    ['https://api.openai.com/v1/audio/translations', 'openai'],
    ['https://api.groq.com/openai/v1/audio/transcriptions', 'groq'],
    [
      'https://me.openai.azure.com/openai/deployments/w/audio/transcriptions?api-version=2024-10-21',
      'azure.ai.openai',
      'generate_content',
      'w',
    ],
  ],
  foreign: [
    ['GET', 'https://api.openai.com/v1/audio/speech'],
    ['POST', 'https://api.openai.com/v1/audio/voices'],
  ],
  request: {
    request: { model: 'gpt-4o-mini-tts', input: 'canary-text', voice: 'alloy', stream_format: 'sse' },
    expected: {
      requestModel: 'gpt-4o-mini-tts',
      stream: true,
      attributes: { 'gen_ai.output.type': 'speech', 'swarmscope.usage.characters': 11 },
    },
  },
  plain: {
    answer: { text: 'canary-answer', usage },
    expected: { usage: usageRead },
  },
  stream: {
    path: transcriptions,
    request: { model: 'gpt-4o-transcribe', stream: true },
    answer: delta('canary') + delta(' grüßt') + delta(' 🐝') + done,
    outputs: 3,
    expected: { usage: usageRead },
  },
  errors: {
    status: {
      path: transcriptions,
      status: 400,
      answer: { error: { message: 'canary', type: 'invalid_request_error', param: 'file', code: 'unsupported_format' } },
      expected: { errorType: 'unsupported_format' },
    },
    body: { answer: { error: { message: 'canary', code: 502 } }, expected: { statusCode: 200, errorType: '502' } },
    event: {
      path: transcriptions,
      answer: delta('canary') + event('error', { error: { message: 'canary', type: 'server_error', code: null } }),
      expected: { statusCode: 200, errorType: 'server_error' },
    },
  },
  tools: { doesNotApply: 'neither what speaks nor what listens calls tools' },
  content: {
    request: { model: 'gpt-4o-mini-tts', input: 'canary-text' },
    asked: { 'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'canary-text' }] }] },
    answered: { 'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'canary-answer' }] }] },
  },
};
