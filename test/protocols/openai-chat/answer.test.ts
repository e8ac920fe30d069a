// The answer to a chat completion: what one stream can hold at once.
import { expect, test } from '@jest/globals';
import { protocol } from '../../../src/protocols/openai-chat/index.ts';
import { readStream } from '../read-stream.ts';

const delta = (content: object, rest: object = {}) => ({
  id: 'c1',
  model: 'm-1',
  choices: [{ index: 0, delta: content, finish_reason: null }],
  usage: null,
  ...rest,
});

test('a stream gives usage, finish reason and tool names, and counts only the chunks with output', () => {
  const { facts, outputs } = readStream(protocol, [
    delta({ role: 'assistant', content: '' }),
    delta({ content: 'a' }),
    delta({ content: 'b "usage": {' }),
    delta({ tool_calls: [{ index: 0, id: 't', function: { name: 'look', arguments: '' } }] }),
    { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    {
      choices: [],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 3 },
      },
    },
    'data: [DONE]',
  ]);
  expect(outputs).toBe(3);
  expect(facts).toMatchObject({
    responseId: 'c1',
    responseModel: 'm-1',
    finishReasons: ['tool_call'],
    toolsCalled: ['look'],
    isComplete: true,
  });
  expect(facts.usage).toMatchObject({ inputTokens: 10, outputTokens: 5, cacheReadTokens: 4, reasoningTokens: 3 });
});

test('events of text are passed over, and the one that holds more is read', () => {
  const framed = (content: object, reason: string | null) => ({
    id: 'c',
    choices: [{ index: 0, delta: content, finish_reason: reason }],
    usage: null,
    obfuscation: 'abc',
  });
  const texts = ['a', 'b', 'say "hi"', 'c'].map((content) => framed({ content }, null));
  const { facts, outputs } = readStream(protocol, [
    ...texts,
    framed({ content: 'd', tool_calls: [{ index: 0, function: { name: 'look' } }] }, null),
    framed({ content: 'e' }, 'stop'),
  ]);
  expect(outputs).toBe(6);
  expect(facts).toMatchObject({ toolsCalled: ['look'], finishReasons: ['stop'] });
});

test('a stream without its end is not complete, and an error inside it goes by its code', () => {
  expect(readStream(protocol, [delta({ content: 'a' })]).facts.isComplete).toBe(false);
  expect(
    readStream(protocol, [delta({ content: 'a' }), { error: { code: 'server_error', message: 'secret words' } }]).facts.errorType,
  ).toBe('server_error');
});

test.each([
  { content: [{ type: 'text', text: 'a' }] },
  { reasoning: 'hm' },
  { reasoning_content: 'hm' },
  { reasoning_details: [{ type: 'reasoning.encrypted', data: 'gAAA' }] },
  { thinking: 'hm' },
  { refusal: 'no' },
  { audio: { id: 'a', data: 'UklGR' } },
  { images: [{ type: 'image_url' }] },
  { tool_calls: [{ index: 0, id: 't', function: { name: 'look' } }] },
  { function_call: { name: 'look' } },
])('the first output of a stream may be %j', (content) => {
  const nothing = [{ role: 'assistant', content: '' }, { content: null, reasoning: '', tool_calls: [], audio: {} }, {}];
  expect(readStream(protocol, [...nothing.map((empty) => delta(empty)), delta(content), delta({ content: 'b' })]).outputs).toBe(2);
});

test('text in parts is captured as text', () => {
  const parts = delta({
    content: [
      { type: 'thinking', thinking: [] },
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ],
  });
  expect(readStream(protocol, [parts, delta({ content: 'c' })], true).facts.output?.toJson([])).toContain('"content":"abc"');
});

test('captured text is whole, whether its pieces look alike or not', () => {
  const inSecond = (text: string) => ({ ...delta({}), choices: [{ index: 1, delta: { content: text }, finish_reason: null }] });
  const { facts, outputs } = readStream(
    protocol,
    [
      delta({ role: 'assistant', content: '' }),
      ...['one', ' two', ' "quoted"', ' back\\slash', '\n', ' größe 🐝', '', ' three'].map((content) => delta({ content })),
      ...['a', 'b'].map(inSecond),
      delta({ content: ' four' }),
      delta({ content: ' five', reasoning_content: 'thought' }),
      delta({ content: ' six', reasoning_content: 'thought' }),
      ...['x', 'y'].map((text) => delta({ reasoning_content: text })),
      delta({ content: ' end' }, { usage: { prompt_tokens: 1, completion_tokens: 2 } }),
      'data: [DONE]',
    ],
    true,
  );
  const messages = JSON.parse(facts.output?.toJson([]) ?? '[]') as { parts: { type: string; content: string }[] }[];
  const said = messages.map(({ parts }) => Object.fromEntries(parts.map(({ type, content }) => [type, content])));
  expect(said).toEqual([
    { text: 'one two "quoted" back\\slash\n größe 🐝 three four five six end', reasoning: 'thoughtthoughtxy' },
    { text: 'ab' },
  ]);
  expect(outputs).toBe(15);
  expect(facts.usage).toMatchObject({ inputTokens: 1, outputTokens: 2 });
});
