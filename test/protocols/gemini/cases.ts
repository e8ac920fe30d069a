/** Gemini's generateContent, as its API, Vertex and Code Assist write it. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const modelVersion = 'gemini-2.5-flash';
const responseId = 'mA8FafrvGs-xvdIPzKWsoQU';
const usageMetadata = {
  promptTokenCount: 19,
  candidatesTokenCount: 10,
  thoughtsTokenCount: 4,
  cachedContentTokenCount: 8,
  toolUsePromptTokenCount: 3,
  totalTokenCount: 36,
  promptTokensDetails: [
    { modality: 'TEXT', tokenCount: 17 },
    { modality: 'IMAGE', tokenCount: 2 },
  ],
};
const usage = expect.objectContaining({
  inputTokens: 22,
  outputTokens: 14,
  cacheReadTokens: 8,
  reasoningTokens: 4,
  imageInputTokens: 2,
}) as never;

const streamPath = '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse';
const answer = (parts: readonly object[], more: object = {}): object => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
  usageMetadata,
  modelVersion,
  responseId,
});
const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const beginning = (parts: readonly object[]): string =>
  event({ ...answer(parts), usageMetadata: { promptTokenCount: 19, totalTokenCount: 19 } });
const end = (parts: readonly object[]): string => event(answer(parts, { finishReason: 'STOP' }));

const weather = { name: 'get_weather', args: { location: 'canary-city' } };
const declarations = [
  { name: 'get_weather', description: 'canary-description', parametersJsonSchema: { type: 'object' } },
  { name: 'run_code', description: 'canary-description' },
];

export const table: ProtocolTable = {
  own: [
    [
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent',
      'gcp.gemini',
      'generate_content',
      'gemini-2.5-pro',
    ],
    [`https://generativelanguage.googleapis.com${streamPath}`, 'gcp.gemini', 'generate_content', 'gemini-2.5-flash'],
    [
      'http://localhost:8080/proxy/v1beta/models/gemini-2.5-flash:generateContent?key=canary',
      'gcp.gemini',
      'generate_content',
      'gemini-2.5-flash',
    ],
    [
      'https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
      'gcp.vertex_ai',
      'generate_content',
      'gemini-2.5-pro',
    ],
    [
      'https://llm.corp.example/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-pro:generateContent',
      'gcp.vertex_ai',
      'generate_content',
      'gemini-2.5-pro',
    ],
    ['https://cloudcode-pa.googleapis.com/v1internal:streamGenerateContent?alt=sse', 'gcp.gen_ai', 'generate_content'],
    [
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-embedding-001:embedContent',
      'gcp.gemini',
      'embeddings',
      'gemini-embedding-001',
    ],
    [
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-embedding-001:batchEmbedContents',
      'gcp.gemini',
      'embeddings',
      'gemini-embedding-001',
    ],
    ['https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:countTokens', 'gcp.gemini', 'count_tokens', 'gemini-2.5-pro'],
    [
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:batchGenerateContent',
      'gcp.gemini',
      'create_batch',
      'gemini-2.5-pro',
    ],
    ['https://generativelanguage.googleapis.com/v1beta/tunedModels/mine-7:generateContent', 'gcp.gemini', 'generate_content', 'mine-7'],
  ],
  foreign: [
    ['GET', 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro'],
    ['POST', 'https://generativelanguage.googleapis.com/v1beta/cachedContents'],
    ['POST', 'https://generativelanguage.googleapis.com/upload/v1beta/files'],
    ['POST', 'https://cloudcode-pa.googleapis.com/v1internal:loadCodeAssist'],
  ],
  request: {
    request: {
      contents: [{ role: 'user', parts: [{ text: 'canary-question' }] }],
      generationConfig: {
        temperature: 0.2,
        topP: 0.9,
        topK: 40,
        frequencyPenalty: 0.5,
        presencePenalty: -0.5,
        maxOutputTokens: 64,
        seed: 7,
        stopSequences: ['END'],
        candidateCount: 2,
        responseMimeType: 'application/json',
        thinkingConfig: { thinkingLevel: 'low' },
      },
    },
    expected: {
      attributes: {
        'gen_ai.request.temperature': 0.2,
        'gen_ai.request.top_p': 0.9,
        'gen_ai.request.top_k': 40,
        'gen_ai.request.frequency_penalty': 0.5,
        'gen_ai.request.presence_penalty': -0.5,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.seed': 7,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.request.choice.count': 2,
        'gen_ai.request.reasoning.level': 'low',
        'gen_ai.output.type': 'json',
      },
    },
  },
  plain: {
    answer: answer([{ text: 'canary-thought', thought: true }, { text: 'canary-answer' }], { finishReason: 'STOP' }),
    expected: { responseId, responseModel: modelVersion, finishReasons: ['stop'], usage },
  },
  stream: {
    path: streamPath,
    request: { contents: [{ role: 'user', parts: [{ text: 'canary-question' }] }] },
    answer: [
      beginning([{ text: 'canary-thought', thought: true }]),
      ...['canary', ' grüßt "usageMetadata": {', ' 蜂群 🐝'].map((text) => beginning([{ text }])),
      end([{ text: '' }]),
    ].join(''),
    outputs: 4,
    expected: { responseId, responseModel: modelVersion, finishReasons: ['stop'], usage },
  },
  errors: {
    status: {
      status: 429,
      answer: {
        error: {
          code: 429,
          message: 'canary exceeded its quota',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '20s' }],
        },
      },
      expected: { errorType: 'RESOURCE_EXHAUSTED' },
    },
    body: {
      answer: answer([], { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'canary' }),
      expected: { statusCode: 200, errorType: 'malformed_function_call', finishReasons: ['error'] },
    },
    event: {
      path: streamPath,
      answer: [
        beginning([{ text: 'canary' }]),
        event({ error: { code: 503, message: 'canary is overloaded', status: 'UNAVAILABLE' } }),
      ].join(''),
      expected: { statusCode: 200, errorType: 'UNAVAILABLE' },
    },
  },
  tools: {
    offered: {
      request: {
        contents: [],
        tools: [{ functionDeclarations: declarations }, { function_declarations: [{ name: 'old_style' }] }, { googleSearch: {} }],
      },
      expected: { toolsOffered: ['get_weather', 'run_code', 'old_style', 'google_search'] },
    },
    called: {
      answer: answer(
        [
          { executableCode: { language: 'PYTHON', code: 'canary' } },
          { functionCall: weather, thoughtSignature: 'CANARY' },
          { functionCall: weather },
          { functionCall: { ...weather, id: 'call-7' } },
        ],
        { finishReason: 'STOP', groundingMetadata: { webSearchQueries: ['canary one', 'canary two'] } },
      ),
      ids: ['', '', 'get_weather#0', 'get_weather#1', 'call-7'],
      expected: {
        toolsCalled: ['google_search', 'code_execution', 'get_weather', 'get_weather', 'get_weather'],
        billing: { providerTools: { google_search: 2 } },
      },
    },
    inPieces: {
      path: streamPath,
      answer: [
        beginning([{ functionCall: { name: 'get_weather', id: 'call-7', willContinue: true } }]),
        beginning([{ functionCall: { partialArgs: [{ jsonPath: '$.location', stringValue: 'canary' }], willContinue: true } }]),
        beginning([{ functionCall: {} }]),
        end([{ functionCall: { name: 'run_code', args: { code: 'canary-code' } } }]),
      ].join(''),
      ids: ['call-7', 'run_code#0'],
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'tool_call', id: 'call-7', name: 'get_weather' },
            { type: 'tool_call', name: 'run_code', arguments: { code: 'canary-code' } },
          ],
        },
      ],
      expected: { toolsCalled: ['get_weather', 'run_code'], finishReasons: ['stop'] },
    },
    results: {
      asking: {
        systemInstruction: { parts: [{ text: 'canary-instruction of nine' }] },
        contents: [
          { role: 'user', parts: [{ text: 'canary-question' }] },
          { role: 'model', parts: [{ functionCall: weather }] },
          { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: { output: 'canary-rain' } } }] },
        ],
      },
      request: {
        systemInstruction: { parts: [{ text: 'canary-instruction of ten' }] },
        contents: [
          { role: 'user', parts: [{ text: 'canary-question' }] },
          { role: 'model', parts: [{ functionCall: weather }] },
          { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: { output: '[removed]' } } }] },
          {
            role: 'model',
            parts: [{ text: 'canary', thought: true }, { functionCall: weather }, { functionCall: { id: 'call-7', name: 'run_code' } }],
          },
          {
            role: 'user',
            parts: [
              { functionResponse: { name: 'get_weather', response: { output: 'canary-sunny' } } },
              { functionResponse: { id: 'call-7', name: 'run_code', response: { output: 'canary-output' } } },
            ],
          },
        ],
      },
      expected: [
        { callId: 'get_weather#0', name: 'get_weather', isLast: false },
        { callId: 'get_weather#0', name: 'get_weather', isLast: true },
        { callId: 'call-7', name: 'run_code', isLast: true },
      ],
    },
  },
  content: {
    request: {
      system_instruction: { parts: [{ text: 'canary-instruction' }] },
      tools: [{ functionDeclarations: declarations }],
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'canary-question' },
            { inlineData: { mimeType: 'image/png', data: 'CANARYIMAGE' } },
            { fileData: { mimeType: 'video/mp4', fileUri: 'https://files.example/canary' } },
            { unknownData: { data: 'CANARYUNKNOWN' } },
          ],
        },
        { role: 'model', parts: [{ functionCall: { ...weather, id: 'call-7' } }] },
        { role: 'user', parts: [{ functionResponse: { id: 'call-7', name: 'get_weather', response: { output: 'canary-sunny' } } }] },
      ],
    },
    asked: {
      'gen_ai.system_instructions': [{ type: 'text', content: 'canary-instruction' }],
      'gen_ai.input.messages': [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'canary-question' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: '[removed]', byte_size: 8 },
            { type: 'uri', modality: 'video', mime_type: 'video/mp4', uri: 'https://files.example/canary' },
            { type: 'unknownData' },
          ],
        },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'call-7', name: 'get_weather', arguments: { location: 'canary-city' } }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call-7', response: { output: 'canary-sunny' } }] },
      ],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'get_weather' },
        { type: 'function', name: 'run_code' },
      ],
    },
    answered: {
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'canary-thought' },
            { type: 'text', content: 'canary-answer' },
          ],
        },
      ],
    },
  },
};
