// Of a long history and of a long answer no more is parsed than facts can stand in, whatever the protocol is.
import { describe, expect, jest, test } from '@jest/globals';
import { protocol as anthropicMessages } from '../../src/protocols/anthropic-messages/index.ts';
import { protocol as openaiChat } from '../../src/protocols/openai-chat/index.ts';
import { protocol as openaiImages } from '../../src/protocols/openai-images/index.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import { readCall, type Call, type Manner, type Told } from './call.ts';

const MB = 1024 * 1024;
const inPieces = (body: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(body.length / 65_536) }, (_, index) => body.subarray(index * 65_536, (index + 1) * 65_536));

/** What was told, and how many characters went into `JSON.parse` meanwhile. */
function parsedOf(protocol: Protocol, call: Call, manner?: Manner): { told: Told; parsed: number } {
  const body = Buffer.isBuffer(call.answer) ? call.answer : Buffer.from(JSON.stringify(call.answer));
  const parse = jest.spyOn(JSON, 'parse');
  try {
    const told = readCall(
      protocol,
      { headers: { 'content-type': 'application/json' }, ...call, answer: body },
      { cut: inPieces, ...manner },
    );
    return { told, parsed: parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0) };
  } finally {
    parse.mockRestore();
  }
}

/** A conversation of some 200 KB: 20 files that were read, and what was said about them. */
function history(fileOf: (index: number) => string) {
  return {
    model: 'gpt-4o',
    messages: [
      { role: 'user', content: 'Look at all files.' },
      ...Array.from({ length: 20 }, (_, index) => [
        { role: 'assistant', tool_calls: [{ id: `call_${index}`, type: 'function', function: { name: 'read_file', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: `call_${index}`, content: fileOf(index) },
      ]).flat(),
    ],
    temperature: 0.5,
  };
}

const file = (index: number): string => `file ${index}: ${'const "x" = 1;\n'.repeat(600)}`;
const answer = {
  id: 'chatcmpl-1',
  model: 'gpt-4o',
  choices: [{ message: { content: 'done' } }],
  usage: { prompt_tokens: 50_000, completion_tokens: 7 },
};

describe('a request with a history of 200 KB', () => {
  const request = history(file);
  const size = Buffer.byteLength(JSON.stringify(request));

  test('is parsed once, and its texts are looked at, not copied', () => {
    const { told, parsed } = parsedOf(openaiChat, { request, answer });
    expect(size).toBeGreaterThan(200_000);
    expect(parsed).toBeLessThan(size + 1_000);
    expect(told.unread).toEqual([]);
    expect(told.request).toMatchObject({ requestModel: 'gpt-4o', attributes: { 'gen_ai.request.temperature': 0.5 } });
    expect(JSON.stringify(told).length).toBeLessThan(4_000);
  });

  test('is parsed without its pictures, where it is longer than a megabyte, and says the same', () => {
    const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(3 * MB)}` } };
    const messages = [...request.messages, { role: 'user', content: [picture, { type: 'text', text: 'What is this?' }] }];
    const { told, parsed } = parsedOf(openaiChat, { request: { ...request, messages }, answer });
    expect(parsed).toBeLessThan(size);
    expect(told.request).toMatchObject({ requestModel: 'gpt-4o', attributes: { 'gen_ai.request.temperature': 0.5 } });
    expect(told.request?.tools?.results.map(({ name, isLast }) => ({ name, isLast }))).toEqual(
      Array.from({ length: 20 }, (_, index) => ({ name: 'read_file', isLast: index === 19 })),
    );
  });

  test('is known again when it is sent again, and told from one that differs in one file', () => {
    const likeness = (asked: object): unknown => readCall(openaiChat, { request: asked, answer }, { cut: inPieces }).likeness;
    const other = history((index) => (index === 7 ? file(index).replace(/1;\n$/, '2;\nconst y = 3;\n') : file(index)));
    expect(likeness(request)).toBe(likeness({ ...request, model: 'gpt-4o-mini' }));
    expect(likeness(request)).not.toBe(likeness(other));
  });

  test('belongs to the conversation that it goes on with, also when that was short', () => {
    const asked = { ...request, messages: request.messages.slice(0, 3) };
    const before = readCall(openaiChat, { request: { ...asked, messages: asked.messages.slice(0, 1) }, answer });
    const first = readCall(openaiChat, { request: asked, answer }).request?.tools?.results[0];
    const later = readCall(openaiChat, { request, answer }, { cut: inPieces }).request?.tools?.results[0];
    expect(first?.history).toBe(before.request?.tools?.history);
    expect(later?.history).toBe(first?.history);
  });
});

describe('an answer of 20 MB', () => {
  test.each([
    ['a text', openaiChat, { ...answer, choices: [{ message: { content: 'word '.repeat(4 * MB) } }] }],
    [
      'a picture',
      openaiImages,
      { created: 1, data: [{ b64_json: 'A'.repeat(20 * MB) }], usage: { input_tokens: 50, output_tokens: 7, total_tokens: 57 } },
    ],
    [
      'a text',
      anthropicMessages,
      {
        id: 'msg_1',
        type: 'message',
        model: 'claude',
        content: [{ type: 'text', text: 'word '.repeat(4 * MB) }],
        usage: { input_tokens: 5, output_tokens: 7 },
      },
    ],
  ] as const)('%s of $calls is parsed without it, and its usage behind it is read', (_, protocol, body) => {
    const { told, parsed } = parsedOf(protocol, { answer: body });
    expect(parsed).toBeLessThan(64 * 1024);
    expect(told.unread).toEqual([]);
    expect(told.answer).toMatchObject({ usage: { outputTokens: 7 }, errorType: undefined });
  });

  test('a stream of 20 MB is parsed where events hold facts', () => {
    const chunk = (choice: object, more: object = {}): string =>
      `data: ${JSON.stringify({ id: 'chatcmpl-1', model: 'gpt-4o', choices: [{ index: 0, ...choice }], ...more })}\n\n`;
    const words = chunk({ delta: { content: 'word '.repeat(200) } });
    const events = [
      words.repeat(Math.ceil((20 * MB) / words.length)),
      chunk({ delta: {}, finish_reason: 'stop' }),
      chunk({}, { usage: answer.usage }),
    ];
    const { told, parsed } = parsedOf(openaiChat, {
      answer: Buffer.from(`${events.join('')}data: [DONE]\n\n`),
      headers: { 'content-type': 'text/event-stream' },
    });
    expect(parsed).toBeLessThan(8 * 1024);
    expect(told.answer).toMatchObject({ usage: { inputTokens: 50_000, outputTokens: 7 }, finishReasons: ['stop'], errorType: undefined });
  });
});
