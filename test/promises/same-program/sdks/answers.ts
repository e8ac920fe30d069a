/** What a provider answers, in the dialect of the path that was asked: whole bodies and streams of events. */

/** Tokens in and out of every answer here. */
export const TOKENS = [11, 7] as const;

export const WORDS = ['one ', 'two ', 'three ', 'four ', 'five'] as const;

type Dialect = 'anthropic' | 'openai';

export const dialectOf = (path: string): Dialect => (path.split('?')[0]?.endsWith('/messages') === true ? 'anthropic' : 'openai');

const openaiUsage = { prompt_tokens: TOKENS[0], completion_tokens: TOKENS[1], total_tokens: TOKENS[0] + TOKENS[1] };
const openaiChunk = (delta: object, rest: object = {}): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'scripted', choices: [{ index: 0, delta, finish_reason: null, ...rest }] })}\n\n`;
const anthropicEvent = (type: string, rest: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

/** The whole answer as JSON. */
export function bodyOf(path: string, text = WORDS.join('')): string {
  return dialectOf(path) === 'openai'
    ? JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1_700_000_000,
        model: 'scripted',
        choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
        usage: openaiUsage,
      })
    : JSON.stringify({
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'scripted',
        content: [{ type: 'text', text }],
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage: { input_tokens: TOKENS[0], output_tokens: TOKENS[1] },
      });
}

/** The same as server-sent events, one string each. */
export function eventsOf(path: string, words: readonly string[] = WORDS): string[] {
  if (dialectOf(path) === 'openai')
    return [
      ...words.map((content) => openaiChunk({ role: 'assistant', content })),
      openaiChunk({}, { finish_reason: 'stop' }),
      `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'scripted', choices: [], usage: openaiUsage })}\n\n`,
      'data: [DONE]\n\n',
    ];
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'scripted',
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
  return [
    anthropicEvent('message_start', { message: { ...message, usage: { input_tokens: TOKENS[0], output_tokens: 1 } } }),
    anthropicEvent('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ...words.map((text) => anthropicEvent('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
    anthropicEvent('content_block_stop', { index: 0 }),
    anthropicEvent('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: TOKENS[1] } }),
    anthropicEvent('message_stop', {}),
  ];
}

/** An error body. */
export function errorOf(path: string, type: string): string {
  return dialectOf(path) === 'openai'
    ? JSON.stringify({ error: { message: `scripted ${type}`, type, param: null, code: type } })
    : JSON.stringify({ type: 'error', error: { type, message: `scripted ${type}` } });
}
