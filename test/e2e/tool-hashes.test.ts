/** A tool call that repeats is found without its content: one hash in all processes of a run, and another one in every run. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startModels, type Models } from '../harness/index.ts';
import { api, bytesOf, observe, ways, type Seen } from './programs.ts';

let models: Models;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  const asks = (userMessage: string, text: string): void =>
    void models.mock.on({ userMessage, hasToolResult: false }, { toolCalls: [{ name: 'grep', arguments: text }] });
  asks('first', '{"pattern":"canary-pattern","path":"canary-path"}');
  asks('second', '{ "path": "canary-path", "pattern": "canary-pattern" }');
  asks('other', '{"pattern":"canary-other","path":"canary-path"}');
  models.mock.onMessage(/[^]*/, { content: 'done' });
});
afterAll(() => models.close());

/** Six times in this process and six times in a child, with JSON that is written in two ways; streamed every other time. */
const program = `
const OpenAI = require('openai'); const { withTool } = require(${api}); const { fork } = require('node:child_process');
const openai = new OpenAI();
async function ask(messages, stream) {
  const answer = await openai.chat.completions.create({ model: 'gpt-4o', messages, stream });
  if (!stream) return answer.choices[0].message;
  const call = { id: '', type: 'function', function: { name: '', arguments: '' } };
  for await (const chunk of answer) for (const piece of chunk.choices[0]?.delta?.tool_calls ?? []) {
    call.id ||= piece.id ?? ''; call.function.name ||= piece.function?.name ?? ''; call.function.arguments += piece.function?.arguments ?? '';
  }
  return { role: 'assistant', content: null, tool_calls: [call] };
}
async function round(content, stream, result = 'canary-result') {
  const messages = [{ role: 'user', content }];
  const message = await ask(messages, stream);
  messages.push(message, { role: 'tool', tool_call_id: message.tool_calls[0].id, content: result });
  await ask(messages, false);
}
(async () => {
  for (let at = 0; at < 6; at += 1) await round(at % 2 === 0 ? 'first' : 'second', at % 3 === 0);
  if (process.argv[2] === 'child') return;
  await round('other', false, 'canary-other-result');
  await withTool({ name: 'grep', callId: 'own', arguments: { path: 'canary-path', pattern: 'canary-pattern' } }, async () => 'canary-result');
  await new Promise((done) => fork(__filename, ['child']).on('exit', done));
})();
`;

const ARGUMENTS = 'swarmscope.tool.call.arguments.hash';
const RESULT = 'swarmscope.tool.call.result.hash';

describe.each(ways)('%s', (way) => {
  let seen: Seen;
  let tools: Seen['spans'];
  beforeAll(async () => {
    seen = await observe(way, { files: { 'loop.cjs': program }, env: models.env });
    tools = seen.spans.filter(({ name }) => name === 'execute_tool grep');
  });

  test('twelve equal calls in two processes, and one by the API, have one hash of arguments and one of results', () => {
    expect(seen.code).toBe(0);
    expect(tools).toHaveLength(14);
    const count = (attribute: string): number[] => {
      const hashes = tools.map(({ attributes }) => String(attributes[attribute]));
      expect(hashes.filter((hash) => !/^[0-9a-f]{16}$/.test(hash))).toEqual([]);
      return [...new Set(hashes)].map((hash) => hashes.filter((each) => each === hash).length).sort((one, other) => one - other);
    };
    expect(count(ARGUMENTS)).toEqual([1, 13]);
    expect(count(RESULT)).toEqual([1, 13]);
  });

  test('the call that asked for a tool has the hash of its arguments as well', () => {
    const known = new Set(tools.map(({ attributes }) => attributes[ARGUMENTS]));
    const asking = seen.spans.flatMap(({ attributes }) => (attributes['swarmscope.tool.called.hashes'] as string[] | undefined) ?? []);
    expect(asking).toHaveLength(13);
    expect(asking.filter((hash) => !known.has(hash))).toEqual([]);
  });

  test('nothing of the content leaves', () => {
    expect(bytesOf(seen.sink)).not.toMatch(/canary/);
  });
});
