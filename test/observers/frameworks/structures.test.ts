/** Mastra, VoltAgent, KaibanJS and AgentKit with the preload alone: whole trees, every call of a model once below its agent. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectTrace, outline, startModels, type Models } from '../../harness/index.ts';
import { expectSameAsBare, seenOf, type FrameworkSeen } from './seen.ts';

let models: Models;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  const calls = ['call_1', 'call_2'].map((id) => ({ id, name: 'get_weather', arguments: '{"city":"SECRETCITY"}' }));
  const delegate = { id: 'call_3', name: 'delegate_task', arguments: '{"task":"SECRETTASK","targetAgents":["helper"]}' };
  models.mock.on({ userMessage: /weather of two/, hasToolResult: false }, { toolCalls: calls });
  models.mock.on({ userMessage: /delegate it/, hasToolResult: false }, { toolCalls: [delegate] });
  models.mock.on({ userMessage: /break it/, hasToolResult: false }, { toolCalls: [{ id: 'call_4', name: 'break_it', arguments: '{}' }] });
  models.mock.onMessage(/make a plan|write part/, { content: '{"finalAnswer":"SECRETANSWER"}' });
  models.mock.onMessage(/[^]*/, { content: 'SECRETANSWER' });
});
afterAll(() => models.close());

const HELPER = `
      invoke_agent helper
        chat gpt-4o`;
const WEATHER = `
    execute_tool get_weather${HELPER}
    execute_tool get_weather${HELPER}`;
/** Of a model that asks for both tools, and of one that is told what they gave. */
const FORECASTER = `
  invoke_agent forecaster
    chat gpt-4o${WEATHER}
    chat gpt-4o
  invoke_agent forecaster
    chat gpt-4o`;
const BROKEN = `
  invoke_agent forecaster
    chat gpt-4o
    execute_tool break_it`;
const step = (name: string): string => `
      run_task ${name}
        invoke_agent helper
          chat gpt-4o`;
const kaibanTask = (title: string, agent: string): string => `
    run_task ${title}
      invoke_agent ${agent}
        chat gpt-4o`;

const TREES: Readonly<Record<string, string>> = {
  mastra: `
invoke_workflow mastra${FORECASTER}${BROKEN}
    chat gpt-4o
  invoke_workflow essay
    run_task plan
      invoke_agent helper
        chat gpt-4o
    run_batch mastra${step('first')}${step('second')}
`,
  voltagent: `
invoke_workflow voltagent${FORECASTER}
  invoke_agent supervisor
    chat gpt-4o
    execute_tool delegate_task${HELPER}
    chat gpt-4o
  invoke_workflow essay
    invoke_agent helper
      chat gpt-4o
    invoke_agent helper
      chat gpt-4o
    invoke_agent helper
      chat gpt-4o
`,
  kaibanjs: `
invoke_workflow kaibanjs
  invoke_workflow Essay team${kaibanTask('Plan', 'Ada')}${kaibanTask('First part', 'Bob')}${kaibanTask('Second part', 'Eve')}
`,
  'agent-kit': `
invoke_workflow agent-kit
  invoke_agent forecaster
    chat gpt-4o${WEATHER}${BROKEN}
  invoke_workflow desk
    invoke_agent helper
      chat gpt-4o
    invoke_agent forecaster
      chat gpt-4o
`,
};

const ROWS: readonly { readonly project: string; readonly tree: string; readonly args?: readonly string[] }[] = [
  { project: 'mastra', tree: 'mastra' },
  { project: 'mastra', tree: 'mastra', args: ['without'] },
  { project: 'voltagent', tree: 'voltagent' },
  { project: 'voltagent-1', tree: 'voltagent' },
  { project: 'kaibanjs', tree: 'kaibanjs' },
  { project: 'kaibanjs-0.22', tree: 'kaibanjs' },
  { project: 'agent-kit', tree: 'agent-kit' },
  { project: 'agent-kit-0.9', tree: 'agent-kit' },
];

describe.each(ROWS)('$project $args', ({ project, tree, args = [] }) => {
  let seen: FrameworkSeen;
  beforeAll(async () => {
    // KaibanJS reports to its makers, and fails where that cannot be; VoltAgent fetches a list of models, unless it is in production.
    const env = { ...models.env, KAIBAN_TELEMETRY_OPT_OUT: '1', NODE_ENV: 'production' };
    seen = await seenOf({ project, program: `${tree}.mjs`, args, env });
  });

  test('the app gets what it gets without us', () => {
    // VoltAgent puts its instructions among the messages.
    expectSameAsBare(seen, /^AI SDK Warning: System messages /);
  });

  test('every call of a model is below its agent, its tool, its task and its workflow, once', () => {
    expectTrace(seen.spans, outline(TREES[tree] ?? ''));
  });

  test('a tool that throws has failed, and what was asked and answered stays in', () => {
    for (const { isError } of seen.named('execute_tool break_it')) expect(isError).toBe(true);
    expect(seen.named('execute_tool get_weather').every(({ isError }) => !isError)).toBe(true);
    expect(JSON.stringify(seen.spans)).not.toContain('SECRET');
  });
});
