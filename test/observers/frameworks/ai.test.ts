/** The AI SDK with the preload alone: loops and agents with their calls and tools below them, in three majors. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectTrace, outline, startModels, type Models } from '../../harness/index.ts';
import { expectSameAsBare, seenOf, type FrameworkSeen } from './seen.ts';

let models: Models;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  const calls = ['call_1', 'call_2'].map((id) => ({ id, name: 'get_weather', arguments: '{"city":"Rome"}' }));
  models.mock.on({ userMessage: /weather/, hasToolResult: false }, { toolCalls: calls });
  models.mock.on({ userMessage: /break it/, hasToolResult: false }, { toolCalls: [{ id: 'call_b', name: 'break_it', arguments: '{}' }] });
  models.mock.on({ userMessage: /fail/ }, { error: { message: 'no', type: 'server_error' }, status: 500 });
  models.mock.onMessage(/[^]*/, { content: 'done' });
});
afterAll(() => models.close());

const loop = (name: string): string => `
  invoke_agent ${name}
    chat gpt-4o
    execute_tool get_weather
      chat gpt-4o
    execute_tool get_weather
      chat gpt-4o
    chat gpt-4o`;
const TREE = `
invoke_workflow ai${loop('generateText')}${loop('streamText')}${loop('streamText')}
  chat gpt-4o${loop('forecaster')}
  invoke_agent generateText
    chat gpt-4o
    execute_tool break_it
    chat gpt-4o
  invoke_agent streamText
    chat gpt-4o
  invoke_agent generateText
    chat gpt-4o
`;

describe.each(['ai', 'ai-6', 'ai-5'])('%s', (project) => {
  let seen: FrameworkSeen;
  beforeAll(async () => {
    seen = await seenOf({ project, program: 'ai.mjs', env: models.env });
  });

  test('the app gets what it gets without us', () => {
    expectSameAsBare(seen);
  });

  test('every call of a model is below its tool and its loop, once', () => {
    expectTrace(seen.spans, outline(TREE));
  });

  test('a tool has its id, and fails where it throws; a loop fails with its model, and not where its reader leaves', () => {
    const ids = seen.named('execute_tool get_weather').map(({ attributes }) => attributes['gen_ai.tool.call.id']);
    expect(ids.sort()).toEqual([...Array(4).fill('call_1'), ...Array(4).fill('call_2')]);
    expect(seen.named('execute_tool break_it').map(({ isError }) => isError)).toEqual([true]);
    expect(seen.named('invoke_agent generateText').map(({ isError }) => isError)).toEqual([false, false, true]);
    expect(seen.named('invoke_agent streamText').map(({ isError }) => isError)).toEqual([false, false, false]);
  });

  test('what was asked and answered stays in', () => {
    for (const word of ['Rome', 'two cities', 'inside', 'done']) expect(JSON.stringify(seen.spans)).not.toContain(word);
  });
});

test('a loop that OpenTelemetry is told of by the SDK itself is told once', async () => {
  const seen = await seenOf({ project: 'ai', program: 'ai-otel.mjs', env: models.env });
  expectSameAsBare(seen);
  const names = seen.spans.map(({ name }) => name).filter((name) => /^(invoke_agent|chat|execute_tool)/.test(name));
  expect(names.sort()).toEqual([
    'chat gpt-4o',
    'chat gpt-4o',
    'execute_tool get_weather',
    'execute_tool get_weather',
    'invoke_agent gpt-4o',
  ]);
});
