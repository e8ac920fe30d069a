/** LangGraph and LangChain with the preload alone: each run of a graph as one tree, in two majors of each. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectTrace, outline, startModels, type Models } from '../../harness/index.ts';
import { expectSameAsBare, seenOf, type FrameworkSeen } from './seen.ts';

let models: Models;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  const cities = ['look_up', 'count'].map((name) => ({ id: `call_${name}`, name, arguments: '{"city":"Rome"}' }));
  models.mock.on({ userMessage: /weather/, hasToolResult: false }, { toolCalls: cities });
  const transfer = { id: 'call_transfer', name: 'transfer_to_writer', arguments: '{}' };
  models.mock.on({ predicate: ({ tools = [] }) => JSON.stringify(tools).includes(transfer.name) }, { toolCalls: [transfer] });
  models.mock.onMessage(/[^]*/, { content: 'done' });
});
afterAll(() => models.close());

const AGENT = `
      invoke_agent geographer
        run_batch langgraph
          run_task agent
            chat gpt-4o
        run_batch langgraph
          run_task tools
            execute_tool look_up
              chat gpt-4o
            execute_tool count
              chat gpt-4o
        run_batch langgraph
          run_task agent
            chat gpt-4o`;
const TREE = `
invoke_workflow langgraph
  invoke_workflow essay
    run_batch langgraph
      run_task plan
        chat gpt-4o
    run_batch langgraph
      run_task write
        chat gpt-4o
      run_task write
        chat gpt-4o
    run_batch langgraph
      run_task review
        chat gpt-4o
  ${AGENT.replaceAll('\n    ', '\n').trim()}
  invoke_workflow LangGraph
    run_batch langgraph
      run_task ask
        ${AGENT.replaceAll('\n', '\n  ').trim()}
  invoke_workflow desk
    run_batch langgraph
      run_task clerk
        invoke_agent clerk
          run_batch langgraph
            run_task agent
              chat gpt-4o
          run_batch langgraph
            run_task tools
              execute_tool transfer_to_writer
    run_batch langgraph
      run_task writer
        chat gpt-4o
  invoke_workflow publish
    run_batch langgraph
      run_task ask
  wait human
  invoke_workflow publish
    run_batch langgraph
      run_task ask
  invoke_workflow faults
    run_batch langgraph
      run_task flaky
      run_task flaky
    run_batch langgraph
      run_task broken
  invoke_workflow stopped
    run_batch langgraph
      run_task slow
  invoke_workflow left
    run_batch langgraph
      run_task quick
    run_batch langgraph
      run_task late
  invoke_workflow critic
    chat gpt-4o
`;

// The model asks for a tool that this agent does not have: only the wire tells of it.
const LIBRARIAN = `
invoke_workflow langchain
  invoke_agent librarian
    run_batch langgraph
      run_task model_request
        chat gpt-4o
        execute_tool count
    run_batch langgraph
      run_task tools
        execute_tool look_up
      run_task tools
    run_batch langgraph
      run_task model_request
        chat gpt-4o
  invoke_agent librarian
    run_batch langgraph
      run_task model_request
        chat gpt-4o
`;

describe.each(['langgraph', 'langgraph-0'])('%s', (project) => {
  let seen: FrameworkSeen;
  beforeAll(async () => {
    seen = await seenOf({ project, program: 'langgraph.mjs', env: models.env });
  });

  test('the app gets what it gets without us', () => {
    expectSameAsBare(seen);
  });

  test('every call of a model is below its tool, its node, its superstep, its agent and its graph, once', () => {
    expectTrace(seen.spans, outline(TREE));
  });

  test('a superstep is a batch with its barrier; a node has its triggers and its place among the checkpoints', () => {
    const writers = seen.named('run_task write');
    const batch = seen.spans.find(({ spanId }) => spanId === writers[0]?.parentSpanId)?.attributes;
    expect(batch).toMatchObject({ 'swarmscope.batch.size': 2, 'swarmscope.batch.index': 2, 'swarmscope.scheduler.strategy': 'bsp' });
    expect(writers.map(({ attributes }) => attributes['swarmscope.task.id'])).toContain(batch?.['swarmscope.batch.straggler.task.id']);
    expect(seen.points.filter(({ name }) => name === 'swarmscope.batch.barrier.wait_time').length).toBeGreaterThan(0);
    expect(writers.map(({ attributes }) => attributes['swarmscope.task.triggers'])).toEqual([['__pregel_push'], ['__pregel_push']]);
    for (const { attributes } of writers)
      expect(attributes['swarmscope.task.checkpoint.namespace']).toBe(`write:${String(attributes['swarmscope.task.id'])}`);
  });

  test('an interrupt is a wait for a person that ends when the thread goes on', () => {
    const [first, second] = seen.named('invoke_workflow publish');
    const [wait] = seen.named('wait human');
    expect([first, second, wait].map((span) => span?.attributes['gen_ai.conversation.id'])).toEqual(Array(3).fill('thread-1'));
    expect([first, second, wait].map((span) => span?.isError)).toEqual([false, false, false]);
    expect(wait?.endMs).toBe(second?.startMs);
    expect(results(seen, 'run_task ask').slice(1)).toEqual([['cancellation'], ['success']]);
  });

  test('a node that fails is an error, tried again it is the next attempt; one that is stopped or left is neither', () => {
    expect(results(seen, 'run_task flaky')).toEqual([['error', 'RangeError'], ['success']]);
    expect(seen.named('run_task flaky').map(({ attributes }) => attributes['swarmscope.task.attempt.number'])).toEqual([1, 2]);
    expect(results(seen, 'run_task broken')).toEqual([['error', 'TypeError']]);
    // LangGraph 0 does not stop a graph whose stream is left: it works until the process ends.
    const isStopped = project === 'langgraph';
    expect(results(seen, 'run_task slow')).toEqual([['cancellation']]);
    expect(results(seen, 'run_task late')).toEqual([isStopped ? ['cancellation'] : ['error', 'process_exit']]);
    expect(['faults', 'stopped', 'left'].map((name) => seen.named(`invoke_workflow ${name}`)[0]?.attributes['error.type'])).toEqual([
      'TypeError',
      undefined,
      isStopped ? undefined : 'process_exit',
    ]);
  });

  test('a tool by which an agent hands over says from whom and to whom, and fails nothing', () => {
    expect(seen.named('execute_tool transfer_to_writer').map(({ attributes }) => attributes)).toMatchObject([
      { 'swarmscope.handoff.source.name': 'clerk', 'swarmscope.handoff.target.name': 'writer', 'gen_ai.agent.name': 'clerk' },
    ]);
    expect(results(seen, 'run_task clerk')).toEqual([['success']]);
  });

  test('calls have the name of their agent, and what was asked and answered stays in', () => {
    const below = (name: string) => seen.named(name).map(({ attributes }) => attributes['gen_ai.agent.name']);
    expect(below('run_task tools')).toEqual(['geographer', 'geographer', 'clerk']);
    expect(below('execute_tool look_up')).toEqual(['geographer', 'geographer']);
    for (const word of ['Rome', 'rivers', 'two cities', 'done']) expect(JSON.stringify(seen.spans)).not.toContain(word);
  });
});

test.each(['langgraph', 'langgraph-0'])('%s in CommonJS', async (project) => {
  const seen = await seenOf({ project, program: 'langgraph.cjs', env: models.env });
  expectSameAsBare(seen);
  const tree = `
invoke_workflow langgraph
  invoke_workflow small
    run_batch langgraph
      run_task reply
        chat gpt-4o`;
  expectTrace(seen.spans, outline(tree));
});

test('an agent of createAgent has its name', async () => {
  const seen = await seenOf({ project: 'langgraph', program: 'langchain.mjs', env: models.env });
  expectSameAsBare(seen);
  expectTrace(seen.spans, outline(LIBRARIAN));
});

test('without its observer the calls of models are all that is seen', async () => {
  const env = { ...models.env, SWARMSCOPE_OBSERVERS_OFF: 'langchain' };
  const seen = await seenOf({ project: 'langgraph', program: 'langgraph.cjs', env });
  expect([seen.code, seen.stdout, seen.stderr]).toEqual([0, seen.bare.stdout, seen.bare.stderr]);
  expectTrace(seen.spans, outline('invoke_workflow langgraph\n  chat gpt-4o'));
});

/** Result and fault of each span of a name. */
function results(seen: FrameworkSeen, name: string): unknown[][] {
  return seen
    .named(name)
    .map(({ attributes }) => [attributes['swarmscope.task.result'], attributes['error.type']].filter((each) => each !== undefined));
}
