/** One turn of Gemini's Live API, as the service writes it. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const usageMetadata = {
  promptTokenCount: 132,
  responseTokenCount: 121,
  totalTokenCount: 253,
  promptTokensDetails: [
    { modality: 'TEXT', tokenCount: 119 },
    { modality: 'AUDIO', tokenCount: 13 },
  ],
  responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 121 }],
};
const usageRead = expect.objectContaining({ inputTokens: 132, outputTokens: 121, audioInputTokens: 13, audioOutputTokens: 121 }) as never;
const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
const turn = (...parts: object[]): object => ({ serverContent: { modelTurn: { role: 'model', parts } } });
const end = { serverContent: { turnComplete: true }, usageMetadata };
const service = 'https://generativelanguage.googleapis.com/ws/google.ai.generativelanguage';

export const table: ProtocolTable = {
  own: [
    [`WEBSOCKET ${service}.v1beta.GenerativeService.BidiGenerateContent?key=k`, 'gcp.gemini'],
    [`WEBSOCKET ${service}.v1alpha.GenerativeService.BidiGenerateContentConstrained?access_token=t`, 'gcp.gemini'],
    [
      'WEBSOCKET https://us-central1-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent',
      'gcp.vertex_ai',
    ],
  ],
  foreign: [
    ['POST', `${service}.v1beta.GenerativeService.BidiGenerateContent`],
    ['WEBSOCKET', 'https://corp.example/ws/google.ai.generativelanguage.v1beta.GenerativeService'],
  ],
  request: {
    request: { model: 'models/gemini-live-2.5-flash', generationConfig: { temperature: 0.5, responseModalities: ['AUDIO'] } },
    expected: {
      requestModel: 'gemini-live-2.5-flash',
      stream: true,
      attributes: { 'gen_ai.request.temperature': 0.5, 'gen_ai.output.type': 'speech' },
    },
  },
  plain: {
    answer: end,
    expected: { finishReasons: ['stop'], usage: usageRead },
  },
  stream: {
    answer: [
      event(turn({ text: 'canary grüßt ' })),
      event(turn({ inlineData: { mimeType: 'audio/pcm', data: 'CANARY' } })),
      event({ serverContent: { outputTranscription: { text: '🐝' } } }),
      event({ serverContent: { generationComplete: true } }),
      event(end),
    ].join(''),
    outputs: 3,
    expected: { finishReasons: ['stop'], usage: usageRead },
  },
  errors: {
    status: {
      status: 403,
      answer: { error: { code: 403, message: 'canary', status: 'PERMISSION_DENIED' } },
      expected: { errorType: 'PERMISSION_DENIED' },
    },
    body: {
      answer: { error: { code: 8, message: 'canary', status: 'RESOURCE_EXHAUSTED' } },
      expected: { statusCode: 200, errorType: 'RESOURCE_EXHAUSTED' },
    },
    event: {
      answer: [event(turn({ text: 'canary' })), event({ error: { code: 13, message: 'canary', status: 'INTERNAL' } })].join(''),
      expected: { statusCode: 200, errorType: 'INTERNAL' },
    },
  },
  tools: { doesNotApply: 'results of tools are messages of the session; test/e2e/websocket.test.ts has them' },
  content: {
    request: { model: 'models/m', systemInstruction: { parts: [{ text: 'canary-rule' }] } },
    asked: { 'gen_ai.system_instructions': [{ type: 'text', content: 'canary-rule' }] },
    // The last message says nothing of what was said.
    answered: {},
  },
};
