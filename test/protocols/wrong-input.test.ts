// Bodies and events of another protocol, or of none, do no harm.
import { describe, expect, test } from '@jest/globals';
import { protocol as anthropicMessages } from '../../src/protocols/anthropic-messages/index.ts';
import * as catalogue from '../../src/protocols/catalogue.ts';
import { AnswerFacts } from '../../src/protocols/facts/answer.ts';
import { protocol as openaiChat } from '../../src/protocols/openai-chat/index.ts';
import type { Operation } from '../../src/protocols/protocol.ts';
import { ATTR_GEN_AI_INPUT_MESSAGES } from '../../src/semconv/index.ts';
import { readStream } from './read-stream.ts';

const WRONG: readonly unknown[] = [
  {},
  { usage: 'x', choices: 'x', content: 7, model: 1, id: null },
  { choices: [null, 1, { index: -1, message: [], delta: 'x' }], usage: { prompt_tokens: -1, completion_tokens: '9' } },
  { messages: [null, { content: [null, { type: {} }] }], tools: [null, 1, {}], stop: [1] },
  { type: 'content_block_start', content_block: { type: '__proto__' } },
  { type: 'constructor' },
];

describe.each(Object.entries(catalogue))('%s on wrong input', (_, protocol) => {
  test.each([true, false])('values of the wrong type are left out and nothing is thrown (content captured: %s)', (isContentCaptured) => {
    for (const body of WRONG as Record<string, unknown>[]) {
      for (const operation of protocol.operations) {
        expect(() => protocol.readRequest(body, { operation, isContentCaptured })).not.toThrow();
        const reader = new protocol.Answer(new AnswerFacts(isContentCaptured), operation);
        expect(() => reader.readBody(body)).not.toThrow();
        expect(() => reader.readPart?.(body, 'name')).not.toThrow();
      }
    }
    expect(() => readStream(protocol, [...WRONG, 'data: {', 'data:', '', ': ping', 'event: ping'], isContentCaptured)).not.toThrow();
  });
});

describe.each([openaiChat, anthropicMessages])('$calls', (protocol) => {
  test('captured content is whole JSON within its bound, without media', () => {
    const image = `data:image/png;base64,${'A'.repeat(1000)}`;
    const content = [
      { type: 'text', text: '"€\n'.repeat(100_000) },
      { type: 'image_url', image_url: { url: image } },
      { type: 'image', source: { data: 'AAAAAAAA' } },
    ];
    const { attributes } = protocol.readRequest(
      { messages: [{ role: 'user', content }] },
      { operation: protocol.operations[0] as Operation, isContentCaptured: true },
    );
    const text = attributes?.[ATTR_GEN_AI_INPUT_MESSAGES];
    expect(String(text).length).toBeLessThanOrEqual(65_536);
    expect(JSON.parse(String(text))).toContainEqual(expect.objectContaining({ role: 'user' }));
    expect(text).not.toContain('AAAAAA');
  });
});
