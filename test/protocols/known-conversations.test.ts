// A request that goes on with a conversation is parsed only where it is new. What is read of it is what the whole of it says.
import { describe, expect, jest, test } from '@jest/globals';
import * as catalogue from '../../src/protocols/catalogue.ts';
import type { Operation, Protocol, RequestFacts } from '../../src/protocols/protocol.ts';
import {
  KnownConversations,
  MAX_ALL_BYTES,
  MAX_CONVERSATIONS,
  MAX_KNOWN_BYTES,
  MIN_BODY_BYTES,
} from '../../src/protocols/read/known-conversations.ts';
import { RequestBody } from '../../src/protocols/request-body.ts';
import { fuzz, type Random } from '../promises/hard-use/fuzz/random.ts';

const ROUNDS = 40;
const TEXTS = [
  'short',
  '"quoted" \\ and\nlines',
  'schön € 🦊',
  '],"messages":[{"role":"user"}]}',
  '\\',
  '{"a":[1,2',
  'x'.repeat(3_000),
  '',
];

type Json = Readonly<Record<string, unknown>>;

interface Spoken {
  readonly protocol: Protocol;
  readonly key: string;
  /** Some items at the end of a conversation; `name` tells their ids apart. */
  turn(text: string, name: string): readonly Json[];
  /** The same item as a client may write it later. */
  readonly mark: (item: Json) => Json;
}

const same = (item: Json): Json => item;
const PROTOCOLS: Readonly<Record<string, Spoken>> = {
  'OpenAI chat': {
    protocol: catalogue.openaiChat,
    key: 'messages',
    turn: (text, id) => [
      { role: 'assistant', content: null, tool_calls: [{ id, type: 'function', function: { name: 'read', arguments: text } }] },
      { role: 'tool', tool_call_id: id, content: text },
      { role: 'user', content: [{ type: 'text', text }] },
    ],
    mark: same,
  },
  'Anthropic messages': {
    protocol: catalogue.anthropicMessages,
    key: 'messages',
    turn: (text, id) => [
      { role: 'assistant', content: [{ type: 'tool_use', id, name: 'read', input: { messages: [text] } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: text, is_error: text === '' }] },
    ],
    mark: (item) => ({ ...item, cache_control: { type: 'ephemeral' } }),
  },
  'OpenAI responses': {
    protocol: catalogue.openaiResponses,
    key: 'input',
    turn: (text, id) => [
      { role: 'assistant', type: 'message', content: [{ type: 'output_text', text }] },
      { type: 'function_call', call_id: id, name: 'read', arguments: text },
      { type: 'function_call_output', call_id: id, output: text },
    ],
    mark: same,
  },
  'Gemini generate': {
    protocol: catalogue.gemini,
    key: 'contents',
    turn: (text, id) => [
      { role: 'model', parts: [{ functionCall: { id, name: 'read', args: { text } } }] },
      { role: 'user', parts: [{ functionResponse: { id, name: 'read', response: { text } } }, { text }] },
    ],
    mark: same,
  },
};

/** As `RequestBody` reads it; content of results included. */
function read(protocol: Protocol, chunks: readonly Buffer[], known?: KnownConversations, isContentCaptured = false) {
  const unread: string[] = [];
  const body = new RequestBody({
    recognised: { protocol, operation: protocol.operations[0] as Operation, model: undefined },
    request: { header: () => undefined },
    isContentCaptured,
    isUnsure: false,
    known,
    onUnread: (what) => void unread.push(what),
  });
  for (const chunk of chunks) body.add(chunk);
  const { likeness, tools, ...facts } = (body.read() ?? {}) as RequestFacts;
  const results = tools?.results.map(({ content, ...result }) => ({ ...result, content: content() }));
  return { ...facts, likeness: likeness?.(), history: tools?.history, results, unread };
}

const STYLES: readonly ((value: Json) => string)[] = [
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, undefined, 1),
  (value) => JSON.stringify(value, undefined, 1).replaceAll('\n', '\r\n'),
  // Python's way.
  (value) => JSON.stringify(value).replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
];

/** The requests of one conversation: it grows, is tried again, goes back, is written anew, and changes its tail. */
function conversation({ key, turn, mark }: Spoken, random: Random): string[] {
  const style = random.pick(STYLES);
  const isTailed = random.chance(0.7);
  let items: Json[] = [...turn('x'.repeat(6_000), 'call_first'), ...turn('y'.repeat(6_000), 'call_second')];
  let model = 'model-a';
  return Array.from({ length: 8 }, (_, index) => {
    const change = random.below(10);
    if (change < 5) items = [...items, ...turn(random.pick(TEXTS), `call_${random.below(1_000)}`)];
    else if (change === 5) items = items.slice(0, Math.max(2, items.length - 1 - random.below(4)));
    else if (change === 6) model = random.pick(['model-a', 'model-b-longer']);
    else if (change === 7) items = [...items.slice(0, -1), { role: 'user', content: `anew ${index}` }];
    const last = items.length - 1;
    const sent = items.map((item, at) => (at >= last - 1 ? mark(item) : item));
    const tail = isTailed
      ? { temperature: random.next(), tools: [{ type: 'function', name: `t${index}`, input_schema: { messages: [] } }] }
      : {};
    return style(random.chance(0.5) ? { model, [key]: sent, ...tail } : { [key]: sent, model, ...tail });
  });
}

describe.each(Object.entries(PROTOCOLS))('%s', (_, spoken) => {
  const { protocol, key, turn } = spoken;

  test.each([false, true])(
    'every request of some conversations says what it says when it is parsed whole (content captured: %p)',
    (isCaptured) =>
      fuzz(ROUNDS, (random) => {
        const known = new KnownConversations();
        const waiting = Array.from({ length: 3 }, () => conversation(spoken, random));
        while (waiting.length > 0) {
          const one = random.pick(waiting);
          const bytes = Buffer.from(one.shift() ?? '');
          if (one.length === 0) waiting.splice(waiting.indexOf(one), 1);
          const cut = random.chance(0.3) ? random.below(bytes.length) : bytes.length;
          const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)].filter(({ length }) => length > 0);
          expect(read(protocol, chunks, known, isCaptured)).toEqual(read(protocol, [bytes], undefined, isCaptured));
        }
        expect(known.size).toBeGreaterThan(0);
      }),
  );

  test('of a long history that grows by a turn, no more than the turn is parsed', () => {
    const known = new KnownConversations();
    const items = Array.from({ length: 20 }, (_each, index) => turn('const x = "1";\n'.repeat(200), `call_${index}`)).flat();
    const bodies = [0, 1, 2, 3].map((more) =>
      Buffer.from(
        JSON.stringify({ model: 'm', [key]: [...items, ...Array.from({ length: more }, (_each, at) => turn('new', `new_${at}`)).flat()] }),
      ),
    );
    const parse = jest.spyOn(JSON, 'parse');
    try {
      const parsed = bodies.map((body) => {
        parse.mockClear();
        read(protocol, [body], known);
        return parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
      });
      expect(parsed[0]).toBeGreaterThan(130_000);
      expect(Math.max(...parsed.slice(1))).toBeLessThan(1_000);
    } finally {
      parse.mockRestore();
    }
    expect(known.size).toBe(1);
  });
});

describe('bodies that a parser and the eye read otherwise', () => {
  const { protocol } = PROTOCOLS['OpenAI chat'] as Spoken;
  const long = JSON.stringify({ role: 'user', content: 'x'.repeat(MIN_BODY_BYTES) });
  const result = '{"role":"tool","tool_call_id":"call_1","content":"r"}';

  test.each([
    [
      'the list comes twice, the second time later',
      `{"messages":[${long}],"model":"m"}`,
      `{"messages":[${long},${result}],"messages":[${long}],"model":"m"}`,
    ],
    [
      'the list came twice before',
      `{"messages":[],"messages":[${long}],"model":"m"}`,
      `{"messages":[],"messages":[${long},${result}],"model":"m"}`,
    ],
    ['its name is written with an escape', `{"\\u006dessages":[${long}]}`, `{"\\u006dessages":[${long},${result}]}`],
    ['its name comes again with an escape', `{"messages":[${long}]}`, `{"messages":[${long},${result}],"\\u006dessages":[]}`],
    ['it is no list', `{"messages":{"0":${long}},"input":[1]}`, `{"messages":{"0":${long}},"input":[1,2]}`],
    ['an item is a number that goes on', `{"messages":[${long},12],"a":1}`, `{"messages":[${long},123,${result}],"a":1}`],
    ['nothing follows a comma', `{"messages":[${long}]}`, `{"messages":[${long},]}`],
    ['it ends in the middle', `{"messages":[${long}]}`, `{"messages":[${long},{"role":"to`],
    ['more stands behind it', `{"messages":[${long}]}`, `{"messages":[${long},${result}]} {}`],
    ['it is followed by nothing', `{"messages":[${long}]}`, `{"messages":[${long}`],
    [
      'an object of the prototype is named',
      `{"__proto__":1,"messages":[${long}]}`,
      `{"__proto__":1,"messages":[${long},${result}],"__proto__":[]}`,
    ],
    ['it is a list within a list', `{"messages":[[${long}]]}`, `{"messages":[[${long}],${result}]}`],
    [
      'the name stands in another member first',
      `{"a":{"messages":[${long}]},"messages":[${long}]}`,
      `{"a":{"messages":[${long}]},"messages":[${long},${result}]}`,
    ],
  ])('%s', (_, before, after) => {
    const known = new KnownConversations();
    for (const body of [before, before, after, after]) {
      const bytes = Buffer.from(body);
      expect(read(protocol, [bytes], known)).toEqual(read(protocol, [bytes]));
    }
  });
});

describe('what is held', () => {
  const { protocol } = PROTOCOLS['OpenAI chat'] as Spoken;
  const body = (name: string, bytes: number): Buffer => {
    const empty = JSON.stringify({ messages: [{ role: 'user', content: name }] });
    return Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: name + 'x'.repeat(bytes - empty.length) }] }));
  };

  test('is bounded in conversations and in bytes, the newest ones', () => {
    const known = new KnownConversations();
    for (let index = 0; index < 3 * MAX_CONVERSATIONS; index += 1) read(protocol, [body(`${index} `, 10_000)], known);
    expect(known.size).toBe(MAX_CONVERSATIONS);
    for (let index = 0; index < 30; index += 1) read(protocol, [body(`large ${index} `, 400_000)], known);
    expect(known.bytes).toBeLessThanOrEqual(MAX_ALL_BYTES);
    expect(known.size).toBeLessThan(MAX_CONVERSATIONS);
    expect(known.startOf(body('large 29 ', 400_000))).toBeDefined();
    expect(known.startOf(body('large 0 ', 400_000))).toBeUndefined();
  });

  test.each([
    [MIN_BODY_BYTES - 1, 0],
    [MIN_BODY_BYTES, 1],
    [MAX_KNOWN_BYTES, 1],
    [MAX_KNOWN_BYTES + 1, 0],
  ])('of a body of %d bytes: %d conversations', (bytes, size) => {
    const known = new KnownConversations();
    read(protocol, [body('a ', bytes)], known);
    expect(known.size).toBe(size);
  });

  test('a conversation that grows past the bound is parsed whole again', () => {
    const known = new KnownConversations();
    const items = [{ role: 'user', content: 'x'.repeat(MAX_KNOWN_BYTES - 1_000) }];
    for (let turns = 0; turns < 5; turns += 1) {
      items.push({ role: 'user', content: 'y'.repeat(400) });
      const bytes = Buffer.from(JSON.stringify({ messages: items }));
      expect(read(protocol, [bytes], known)).toEqual(read(protocol, [bytes]));
    }
    expect(known.bytes).toBeLessThanOrEqual(MAX_ALL_BYTES);
  });

  test('texts to be embedded are no conversation', () => {
    const known = new KnownConversations();
    const bytes = Buffer.from(JSON.stringify({ model: 'm', input: ['x'.repeat(20_000)] }));
    read(catalogue.openaiEmbeddings, [bytes], known);
    expect(known.size).toBe(0);
  });
});
