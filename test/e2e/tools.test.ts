/** Agent loops with the real SDKs whose tools nobody declares: where they hang, how long they are, what is below them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectTrace, startModels, type Models } from '../harness/index.ts';
import { api, observe, type Seen } from './programs.ts';

let models: Models;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  const asks = (userMessage: string, names: string[]): void => {
    models.mock.on({ userMessage, hasToolResult: false }, { toolCalls: names.map((name) => ({ name, arguments: '{}' })) });
  };
  asks('one', ['test']);
  asks('two', ['lint', 'test']);
  models.mock.onMessage(/[^]*/, { content: 'done' });
});
afterAll(() => models.close());

/** Each loop answers a tool by a child process; `two` runs both at once, `one` waits for a person first. */
const program = `
const OpenAI = require('openai'); const Anthropic = require('@anthropic-ai/sdk'); const { withTask, wait } = require(${api});
const { execFile } = require('node:child_process'); const { promisify } = require('node:util');
const openai = new OpenAI(); const anthropic = new Anthropic(); const run = promisify(execFile);
const tool = (name) => run(process.execPath, ['-e', 'setTimeout(() => {}, ' + (name === 'lint' ? 1 : 300) + ')']);
async function gpt(content) {
  const messages = [{ role: 'user', content }];
  const ask = async () => (await openai.chat.completions.create({ model: 'gpt-4o', messages })).choices[0].message;
  const message = await ask();
  messages.push(message);
  if (content === 'one') await wait('human', () => new Promise((resolve) => setTimeout(resolve, 20)));
  await Promise.all(message.tool_calls.map((call) => tool(call.function.name)));
  messages.push(...message.tool_calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: 'ok' })));
  await ask();
}
async function claude(content) {
  const messages = [{ role: 'user', content }];
  const ask = () => anthropic.messages.create({ model: 'claude-sonnet-4-5', max_tokens: 100, messages });
  const message = await ask();
  const uses = message.content.filter(({ type }) => type === 'tool_use');
  await Promise.all(uses.map(({ name }) => tool(name)));
  messages.push({ role: 'assistant', content: message.content });
  messages.push({ role: 'user', content: uses.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' })) });
  await ask();
}
(async () => {
  await withTask('gpt-one', () => gpt('one'));
  await withTask('gpt-two', () => gpt('two'));
  await withTask('claude-one', () => claude('one'));
  await withTask('claude-two', () => claude('two'));
})();
`;

const tool = (name: string, ...inside: string[]) => ({
  name: `execute_tool ${name}`,
  attributes: { 'swarmscope.tool.inferred': true, 'gen_ai.tool.name': name },
  children: inside.map((each) => ({ name: each })),
});

describe('tools of which only the wire tells', () => {
  let seen: Seen;
  beforeAll(async () => {
    seen = await observe('with the preload alone', { files: { 'app.cjs': program }, env: models.env });
  });

  test('hang where the call hangs that asked for them, with their processes and waits below, by either SDK', () => {
    expect(seen.code).toBe(0);
    const task = (type: string, model: string, ...tools: ReturnType<typeof tool>[]) => ({
      name: `run_task ${type}`,
      children: [{ name: `chat ${model}` }, ...tools, { name: `chat ${model}` }],
    });
    expectTrace(
      seen.spans,
      task('gpt-one', 'gpt-4o', tool('test', 'wait human', 'node')),
      task('gpt-two', 'gpt-4o', tool('lint', 'node'), tool('test', 'node')),
      task('claude-one', 'claude-sonnet-4-5', tool('test', 'node')),
      task('claude-two', 'claude-sonnet-4-5', tool('lint', 'node'), tool('test', 'node')),
    );
  });

  test('begin after their parent, and are as long as their own process', () => {
    const byId = new Map(seen.spans.map((span) => [span.spanId, span]));
    const tools = seen.spans.filter(({ name }) => name.startsWith('execute_tool'));
    expect(tools).toHaveLength(6);
    for (const each of tools) {
      const parent = byId.get(each.parentSpanId ?? '');
      expect(each.startMs).toBeGreaterThanOrEqual(parent?.startMs ?? Infinity);
      const inside = seen.spans.filter(({ parentSpanId }) => parentSpanId === each.spanId);
      expect(each.endMs).toBe(Math.max(...inside.map(({ endMs }) => endMs ?? Infinity)));
    }
  });
});
