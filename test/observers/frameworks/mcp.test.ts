/** Clients and servers of the Model Context Protocol with the preload alone: tool calls, and what a server does below them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectTrace, outline, startModels, type Models } from '../../harness/index.ts';
import { expectSameAsBare, seenOf, type FrameworkSeen } from './seen.ts';

let models: Models;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  models.mock.onMessage(/[^]*/, { content: 'done' });
});
afterAll(() => models.close());

const CALLS = `
  execute_tool translate
    chat gpt-4o
  execute_tool broken`;

describe.each([
  { version: 1, tree: `invoke_workflow mcp-1\n  node${CALLS}${CALLS}`, times: 2 },
  { version: 2, tree: `invoke_workflow mcp-2\n  node${CALLS}`, times: 1 },
])('version $version', ({ version, tree, times }) => {
  let seen: FrameworkSeen;
  beforeAll(async () => {
    seen = await seenOf({ project: 'mcp', program: `mcp-${version}.mjs`, env: models.env });
  });

  test('the app gets what it gets without us', () => {
    expectSameAsBare(seen);
  });

  test('what a server does for a call is below it, in another process and in the same', () => {
    expectTrace(seen.spans, outline(tree));
  });

  test('a result that says it is an error is one', () => {
    const facts = seen.named('execute_tool broken').map(({ attributes }) => [attributes['error.type'], attributes['mcp.method.name']]);
    expect(facts).toEqual(Array(times).fill(['tool_error', 'tools/call']));
    expect(JSON.stringify(seen.spans)).not.toMatch(/river|done/);
  });
});

test('without propagators each call is still one span: below the process, of another process in a trace of its own', async () => {
  const env = { ...models.env, OTEL_PROPAGATORS: 'none' };
  const seen = await seenOf({ project: 'mcp', program: 'mcp-1.mjs', env });
  expectSameAsBare(seen);
  const tools = 'execute_tool translate\n  execute_tool broken';
  const [calls, others] = [seen.named('chat gpt-4o'), seen.spans.filter(({ name }) => name !== 'chat gpt-4o')];
  expectTrace(others, outline(`invoke_workflow mcp-1\n  node\n  ${tools}\n  ${tools}`));
  const root = seen.named('invoke_workflow mcp-1')[0];
  expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, root?.spanId]);
});
