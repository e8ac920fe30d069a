/** The Claude Agent SDK with the preload alone: queries, sub-agents, tools, and the telemetry of its process below them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectTrace, outline, startModels, type Models } from '../../harness/index.ts';
import { expectSameAsBare, seenOf, type FrameworkSeen } from './seen.ts';

let models: Models;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  const [lookUp, agent] = [
    { id: 'toolu_1', name: 'mcp__desk__look_up', arguments: '{"city":"SECRETCITY"}' },
    { id: 'toolu_2', name: 'Agent', arguments: '{"description":"dig","prompt":"SECRETPROMPT","subagent_type":"researcher"}' },
  ];
  models.mock.on({ userMessage: /weather/, hasToolResult: false }, { toolCalls: [lookUp] });
  models.mock.on({ userMessage: /research it/, hasToolResult: false }, { toolCalls: [agent] });
  models.mock.on({ userMessage: /be refused/ }, { error: { message: 'SECRETERROR', type: 'invalid_request_error' }, status: 400 });
  models.mock.onMessage(/[^]*/, { content: 'SECRETANSWER' });
});
afterAll(() => models.close());

const seenWith = (agents: 'on' | 'off', parts: readonly string[], project = 'claude-agent-sdk'): Promise<FrameworkSeen> =>
  seenOf({
    project,
    program: 'claude-agent-sdk.mjs',
    args: parts,
    env: {
      ...models.env,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      // Whether a sub-agent ends before its session does is chance otherwise.
      CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
      DISABLE_AUTOUPDATER: '1',
      SWARMSCOPE_AGENTS: agents,
    },
  });

const withoutModel = (spans: FrameworkSeen['spans']): FrameworkSeen['spans'] =>
  spans.map((span) => ({ ...span, name: span.name.replace(/^chat claude-.*/, 'chat claude') }));

const tool = (name: string, inside = ''): string => `
        execute_tool ${name}
          claude_code.tool.blocked_on_user
          claude_code.tool.execution${inside}`;
const TOLD = `
invoke_workflow claude-agent-sdk
  invoke_agent claude
    claude
      claude_code.interaction
        chat claude${tool('look_up')}
        chat claude
    chat gpt-4o
  invoke_agent claude
    claude
      claude_code.interaction
        chat claude${tool('Agent', '\n            chat claude')}
        chat claude
  invoke_agent reviewer
    claude
      claude_code.interaction
        chat claude
`;
const SILENT = `
invoke_workflow claude-agent-sdk
  invoke_agent claude
    claude
    execute_tool Agent
      invoke_agent researcher
  invoke_agent claude
    claude
  invoke_agent claude
    claude
  invoke_agent claude
    claude
`;

/** By the wire. What its process looks for on the machine depends on the machine. */
const OF_NODE = `
invoke_workflow claude-agent-sdk
  invoke_agent claude
    chat gpt-4o
    claude
      chat claude
      execute_tool mcp__desk__look_up
      chat claude
  invoke_agent claude
    claude
      chat claude
      chat claude
      execute_tool Agent
      chat claude
  invoke_agent reviewer
    claude
      chat claude
`;
const LOOKED_FOR = /^(?:rg|which|npm|sh|git.*)$/;

test('the process of an older one is a program for Node, whose calls of models are below its query, each tool once', async () => {
  const seen = await seenWith('off', ['tools'], 'claude-agent-sdk-0.2');
  expectSameAsBare(seen);
  expectTrace(withoutModel(seen.spans.filter(({ name }) => !LOOKED_FOR.test(name))), outline(OF_NODE));
  expect(JSON.stringify(seen.spans)).not.toContain('SECRET');
});

describe('with the telemetry of its process', () => {
  let seen: FrameworkSeen;
  beforeAll(async () => {
    seen = await seenWith('on', ['tools']);
  });

  test('the app gets what it gets without us', () => {
    expectSameAsBare(seen);
  });

  test('every call of a model, also one that a tool of the program makes, is below its query, once', () => {
    expectTrace(withoutModel(seen.spans), outline(TOLD));
  });

  test('what was asked and answered stays in', () => {
    expect(JSON.stringify(seen.spans)).not.toContain('SECRET');
  });
});

describe('without the telemetry of its process', () => {
  let seen: FrameworkSeen;
  beforeAll(async () => {
    seen = await seenWith('off', ['research', 'conversation', 'left', 'failing']);
  });

  test('a query keeps its methods and gives its messages, also one with two prompts, one that is left, and one that fails', () => {
    expectSameAsBare(seen);
  });

  test('its messages tell tools and sub-agents', () => {
    expectTrace(seen.spans, outline(SILENT));
    expect(seen.named('execute_tool Agent')[0]?.attributes).toMatchObject({
      'gen_ai.tool.call.id': 'toolu_2',
      'swarmscope.tool.inferred': true,
    });
  });

  test('a query has its conversation, fails with its service, and not where its reader leaves', () => {
    const queries = seen.named('invoke_agent claude');
    expect(queries.map(({ attributes }) => attributes['error.type'])).toEqual([undefined, undefined, undefined, '400']);
    expect(new Set(queries.map(({ attributes }) => attributes['gen_ai.conversation.id'])).size).toBe(4);
    expect(JSON.stringify(seen.spans)).not.toContain('SECRET');
  });
});
