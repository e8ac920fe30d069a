// One call of a tool is one call, however a provider cuts it into pieces.
import { expect, test } from '@jest/globals';
import { protocol as anthropic } from '../../src/protocols/anthropic-messages/index.ts';
import { CalledTools, MAX_TOOLS_CALLED } from '../../src/protocols/facts/called-tools.ts';
import { protocol as openai } from '../../src/protocols/openai-chat/index.ts';
import type { Operation } from '../../src/protocols/protocol.ts';
import { readStream } from './read-stream.ts';

interface Piece {
  index?: number;
  id?: string | null;
  name?: string | null;
  args?: string;
}

const chunk = (pieces: readonly Piece[]) => ({
  id: 'chatcmpl-1',
  choices: [
    {
      index: 0,
      delta: { tool_calls: pieces.map(({ name, args: text, ...piece }) => ({ ...piece, function: { name, arguments: text } })) },
    },
  ],
});

const READ = [['a', 'read_file']];
const READ_TWICE = [
  ['a', 'read_file'],
  ['b', 'read_file'],
];

test.each<[string, readonly (readonly Piece[])[], readonly (readonly string[])[]]>([
  [
    'a name that comes again with every piece',
    [[{ index: 0, id: 'a', name: 'read_file' }], [{ index: 0, name: 'read_file', args: '{' }]],
    READ,
  ],
  ['a name and an id that come again', Array.from({ length: 3 }, () => [{ index: 0, id: 'a', name: 'read_file', args: '{' }]), READ],
  ['a name in pieces', [[{ index: 0, id: 'a', name: 'read' }], [{ index: 0, name: '_fi' }], [{ index: 0, name: 'le', args: '{}' }]], READ],
  ['a name that grows', [[{ index: 0, id: 'a', name: 'read' }], [{ index: 0, id: 'a', name: 'read_file' }]], READ],
  ['an id before the name', [[{ index: 0, id: 'a', args: '{' }], [{ index: 0, name: 'read_file' }]], READ],
  [
    'an empty id and name in later pieces',
    [[{ index: 0, id: 'a', name: 'read_file' }], [{ index: 0, id: '', name: null, args: '{}' }]],
    READ,
  ],
  ['an id drawn anew for every piece', [[{ index: 0, id: 'a', name: 'read_file' }], [{ index: 0, id: 'z', args: '{}' }]], READ],
  ['pieces by id alone', [[{ id: 'a', name: 'read' }], [{ id: 'b', name: 'read_file' }], [{ id: 'a', name: '_file' }]], READ_TWICE],
  ['an id in the first piece alone', [[{ id: 'a', name: 'read_file' }], [{ args: '{}' }], [{ id: 'b', name: 'read_file' }]], READ_TWICE],
  [
    'two calls in one piece',
    [
      [
        { id: 'a', name: 'read_file' },
        { id: 'b', name: 'read_file' },
      ],
    ],
    READ_TWICE,
  ],
  [
    'two calls that are both number 0',
    [[{ index: 0, id: 'a', name: 'read_file' }], [{ index: 0, id: 'b', name: 'read_file' }]],
    READ_TWICE,
  ],
  [
    'two calls whose pieces alternate',
    [
      [{ index: 0, id: 'a', name: 'read' }],
      [{ index: 1, id: 'b', name: 'read_file' }],
      [{ index: 0, name: '_file' }],
      [{ index: 1, args: '{}' }],
    ],
    READ_TWICE,
  ],
  [
    'two calls of one id',
    [
      [
        { index: 0, id: 'a', name: 'read_file' },
        { index: 1, id: 'a', name: 'read_file' },
      ],
    ],
    [...READ, ...READ],
  ],
])('%s', (_, pieces, expected) => {
  for (const isContentCaptured of [false, true]) {
    const text = 'data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"a long enough text"}}]}';
    const { facts } = readStream(openai, [text, ...pieces.map(chunk)], isContentCaptured);
    expect(facts.toolCallIds.map((id, index) => [id, facts.toolsCalled[index]])).toEqual(expected);
  }
});

test('the old function call is one call in pieces, in each choice', () => {
  const piece = (index: number, name: string | undefined, text: string) => ({
    choices: [{ index, delta: { function_call: { name, arguments: text } } }],
  });
  const { facts } = readStream(openai, [piece(0, 'look', ''), piece(1, 'look', ''), piece(0, undefined, '{}'), piece(1, 'look', '{}')]);
  expect(facts.toolsCalled).toEqual(['look', 'look']);
});

test('a body holds whole calls, whatever their numbers and ids are', () => {
  const { facts } = readStream(openai, []);
  const call = { index: 0, id: 'a', function: { name: 'look', arguments: '{}' } };
  new openai.Answer(facts, openai.operations[0] as Operation).readBody({ choices: [{ message: { tool_calls: [call, call] } }] });
  expect(facts.toolsCalled).toEqual(['look', 'look']);
});

test('a block of Anthropic that is begun again is the same call', () => {
  const start = (index: number, id: string) =>
    `event: content_block_start\ndata: ${JSON.stringify({ type: 'content_block_start', index, content_block: { type: 'tool_use', id, name: 'look' } })}`;
  expect(readStream(anthropic, [start(0, 'a'), start(0, 'a'), start(1, 'b')]).facts.toolCallIds).toEqual(['a', 'b']);
});

test('an endless stream of calls is cut off at the bound', () => {
  const tools = new CalledTools();
  for (let index = 0; index <= MAX_TOOLS_CALLED; index += 1) tools.piece({ choice: 0, index, id: String(index), name: 'n' });
  expect(tools.named()).toHaveLength(MAX_TOOLS_CALLED);
  expect(tools.piece({ choice: 0, index: MAX_TOOLS_CALLED, id: 'z', name: 'n' })).toBeUndefined();
  for (let times = 0; times < 600; times += 1) tools.piece({ choice: 0, index: 0, name: 'm' });
  expect(tools.named()[0]?.name).toHaveLength(512);
});
