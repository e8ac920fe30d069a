// Compactions of a conversation: by the provider, on request, and in the requests that follow.
import { describe, expect, test } from '@jest/globals';
import { protocol as anthropic } from '../../src/protocols/anthropic-messages/index.ts';
import { protocol as responses } from '../../src/protocols/openai-responses/index.ts';
import { startRecording } from '../recording/recorder.ts';
import { readCall } from './call.ts';

const COMPACTED = 'gen_ai.conversation.compacted';
const TRIGGER = 'swarmscope.context.compaction.trigger';
const events = (...data: readonly { type: string }[]): string =>
  data.map((each) => `event: ${each.type}\ndata: ${JSON.stringify(each)}\n\n`).join('');

describe('Anthropic', () => {
  const message = { id: 'msg', type: 'message', role: 'assistant', model: 'claude-opus-5', stop_reason: 'end_turn' };
  const block = { type: 'compaction', content: 'canary-summary' };
  const edit = { type: 'clear_tool_uses_20250919', cleared_tool_uses: 8, cleared_input_tokens: 50_000 };

  test.each<[what: string, answer: unknown]>([
    ['a block of the answer', { ...message, content: [block, { type: 'text', text: 'canary' }] }],
    ['edits of the context', { ...message, content: [], context_management: { applied_edits: [edit] } }],
    ['a block of a stream', events({ type: 'content_block_start', index: 0, content_block: block } as never, { type: 'message_stop' })],
    [
      'edits at the end of a stream',
      events({ type: 'message_delta', delta: {}, context_management: { applied_edits: [edit] } } as never, { type: 'message_stop' }),
    ],
  ])('tells of one by %s', (_what, answer) => {
    const { attributes } = readCall(anthropic, { answer }).answer ?? {};
    expect(attributes).toMatchObject({ [COMPACTED]: true, [TRIGGER]: 'provider' });
    expect(JSON.stringify(attributes)).not.toContain('canary');
  });

  test('that has edited nothing has not compacted', () => {
    const answer = { ...message, content: [], context_management: { applied_edits: [] } };
    expect(readCall(anthropic, { answer }).answer?.attributes).not.toHaveProperty([COMPACTED]);
  });

  test('a pause for it is a reason of its own', () => {
    expect(readCall(anthropic, { answer: { ...message, stop_reason: 'compaction', content: [block] } }).answer?.finishReasons).toEqual([
      'compaction',
    ]);
  });

  test.each([
    [[{ role: 'user', content: 'canary' }], undefined],
    [
      [
        { role: 'assistant', content: [block] },
        { role: 'user', content: 'canary' },
      ],
      true,
    ],
  ])('a request says whether it stands on one', (messages, isCompacted) => {
    const { attributes } = readCall(anthropic, { request: { model: 'm', messages }, answer: {} }).request ?? {};
    expect(attributes?.[COMPACTED]).toBe(isCompacted);
    expect(attributes).not.toHaveProperty([TRIGGER]);
  });
});

describe('OpenAI responses', () => {
  const item = { type: 'compaction', id: 'cmp_1', encrypted_content: 'canary' };

  test('an item of the answer tells that OpenAI did it by itself', () => {
    const answer = { id: 'resp_1', object: 'response', status: 'completed', output: [item] };
    expect(readCall(responses, { answer }).answer?.attributes).toMatchObject({ [COMPACTED]: true, [TRIGGER]: 'provider' });
  });

  test('a call for nothing else was asked for by the program', () => {
    const answer = { id: 'resp_1', object: 'response.compaction', output: [item], usage: { input_tokens: 9, output_tokens: 3 } };
    expect(readCall(responses, { path: '/v1/responses/compact', answer }).answer).toMatchObject({
      attributes: { [COMPACTED]: true, [TRIGGER]: 'manual' },
      usage: { inputTokens: 9, outputTokens: 3 },
    });
  });

  test.each([
    ['canary', undefined],
    [[{ role: 'user', content: 'canary' }], undefined],
    [[item, { role: 'user', content: 'canary' }], true],
  ])('a request says whether it stands on one', (input, isCompacted) => {
    expect(readCall(responses, { request: { model: 'm', input }, answer: {} }).request?.attributes?.[COMPACTED]).toBe(isCompacted);
  });
});

test('each is counted once, by its trigger', async () => {
  const { recorder, metric } = startRecording();
  const call = (): ReturnType<typeof recorder.startLlmCall> =>
    recorder.startLlmCall({ operation: 'chat', provider: 'openai', requestModel: 'm', attributes: { [COMPACTED]: true } });
  call().end({ attributes: { [COMPACTED]: true, [TRIGGER]: 'provider' } });
  call().end({});
  expect(await metric('swarmscope.context.compactions')).toBe(1);
});
