/** OpenAI Agents with the preload alone: workflows, agents, turns, tools, hand-overs and guardrails as whole trees. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectTrace, outline, startModels, type Models } from '../../harness/index.ts';
import { expectSameAsBare, seenOf, type FrameworkSeen } from './seen.ts';

let models: Models;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  const calls = ['call_1', 'call_2'].map((id) => ({ id, name: 'get_weather', arguments: '{"city":"Rome"}' }));
  const transfer = { id: 'call_transfer', name: 'transfer_to_Forecaster', arguments: '{}' };
  models.mock.on({ userMessage: /weather/, hasToolResult: false }, { toolCalls: calls });
  models.mock.on({ predicate: ({ tools = [] }) => JSON.stringify(tools).includes(transfer.name) }, { toolCalls: [transfer] });
  models.mock.on({ userMessage: /fail/ }, { error: { message: 'no', type: 'server_error' }, status: 500 });
  models.mock.onMessage(/[^]*/, { content: 'done' });
});
afterAll(() => models.close());

const RUN = 'run_task Agent workflow';
const TURN = 'run_task turn';
const HELLO = `
    ${RUN}
      invoke_agent Forecaster
        ${TURN}
          chat gpt-4o`;
const JUDGED = `
  invoke_workflow Agent workflow
    ${RUN}
      invoke_agent Guarded
        run_task No homework
          ${RUN}
            invoke_agent Judge
              ${TURN}
                chat gpt-4o
        ${TURN}`;
const TREE = `
invoke_workflow agents
  invoke_workflow Agent workflow
    ${RUN}
      invoke_agent Forecaster
        ${TURN}
          chat gpt-4o
          execute_tool get_weather
            chat gpt-4o
          execute_tool get_weather
            chat gpt-4o
        ${TURN}
          chat gpt-4o
  invoke_workflow Travel desk${HELLO}${HELLO}
  invoke_workflow Agent workflow
    ${RUN}
      invoke_agent Clerk
        ${TURN}
          chat gpt-4o
          execute_tool transfer_to_Forecaster
      invoke_agent Forecaster
        ${TURN}
          chat gpt-4o${JUDGED}
          chat gpt-4o${JUDGED}
  invoke_workflow Agent workflow${HELLO}
  invoke_workflow Agent workflow${HELLO}
`;

describe.each([
  { project: 'agents', processors: 'own', told: [] },
  // It tells neither runs nor turns.
  { project: 'agents-0.8', processors: 'own', told: [RUN, TURN] },
])('$project', ({ project, processors, told }) => {
  let seen: FrameworkSeen;
  beforeAll(async () => {
    seen = await seenOf({ project, program: 'agents.mjs', args: [processors], env: models.env });
  });

  test('the app gets what it gets without us, its own trace processors too', () => {
    expectSameAsBare(seen);
  });

  test('every call of a model is below its tool, its turn, its agent, its run and its workflow, once', () => {
    expectTrace(seen.spans, outline(TREE, told));
  });

  test('a hand-over says from whom and to whom, a guardrail whether it stopped, a workflow its conversation', () => {
    const facts = (name: string, attribute: string) => seen.named(name).map(({ attributes }) => attributes[attribute]);
    expect(facts('execute_tool transfer_to_Forecaster', 'swarmscope.handoff.source.name')).toEqual(['Clerk']);
    expect(facts('execute_tool transfer_to_Forecaster', 'swarmscope.handoff.target.name')).toEqual(['Forecaster']);
    expect(facts('run_task No homework', 'swarmscope.guardrail.triggered')).toEqual([false, true]);
    expect(facts('invoke_workflow Travel desk', 'gen_ai.conversation.id')).toEqual(['conversation-1']);
  });

  test('a model that fails fails its agent, and what was asked and answered stays in', () => {
    expect(seen.named('invoke_agent Forecaster').at(-1)).toMatchObject({ isError: true, attributes: { 'error.type': '_OTHER' } });
    expect(seen.named('chat gpt-4o').filter(({ isError }) => isError)).toHaveLength(1);
    for (const word of ['Rome', 'cities', 'You know', 'done']) expect(JSON.stringify(seen.spans)).not.toContain(word);
  });
});

test('in CommonJS', async () => {
  const seen = await seenOf({ project: 'agents', program: 'agents.cjs', env: models.env });
  expectSameAsBare(seen);
  const tree = `
invoke_workflow agents
  invoke_workflow Agent workflow
    ${RUN}
      invoke_agent Small
        ${TURN}
          chat gpt-4o`;
  expectTrace(seen.spans, outline(tree));
});

test('with its tracing turned off each call of a model is one span below the process, and no span is without a parent', async () => {
  const env = { ...models.env, OPENAI_AGENTS_DISABLE_TRACING: '1' };
  const seen = await seenOf({ project: 'agents', program: 'agents.cjs', env });
  expectSameAsBare(seen);
  expectTrace(seen.spans, outline('invoke_workflow agents\n  chat gpt-4o'));
});
