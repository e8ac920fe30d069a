// A graph as LangGraph's README builds one, with two writers at once, a chain, an agent with a tool, an interrupt and faults.
import { ToolMessage } from '@langchain/core/messages';
import { tool, StructuredTool } from '@langchain/core/tools';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { Annotation, Command, END, interrupt, MemorySaver, MessagesAnnotation, Send, START, StateGraph } from '@langchain/langgraph';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';

const model = new ChatOpenAI({ model: 'gpt-4o', maxRetries: 0 });
const State = Annotation.Root({
  topic: Annotation(),
  drafts: Annotation({ reducer: (before, more) => before.concat(more), default: () => [] }),
  verdict: Annotation(),
});
const say = (...what) => console.log(JSON.stringify(what));

/** Plans, lets two writers work at once, and reviews by a chain. */
const review = ChatPromptTemplate.fromMessages([['user', 'review {topic}']]).pipe(model);
const essay = new StateGraph(State)
  .addNode('plan', async ({ topic }) => ({ drafts: [`plan: ${(await model.invoke(`plan ${topic}`)).content}`] }))
  .addNode('write', async ({ topic }) => ({ drafts: [(await model.invoke(`write ${topic}`)).content] }))
  .addNode(
    'review',
    review.pipe(({ content }) => ({ verdict: content })),
  )
  .addEdge(START, 'plan')
  .addConditionalEdges('plan', () => ['north', 'south'].map((topic) => new Send('write', { topic })), ['write'])
  .addEdge('write', 'review')
  .addEdge('review', END)
  .compile({ name: 'essay' });
say(await essay.invoke({ topic: 'rivers' }));

/** An agent with a tool that asks the model itself, and a tool that is a class. */
const lookUp = tool(async ({ city }) => `${city}: ${(await model.invoke(`translate ${city}`)).content}`, {
  name: 'look_up',
  description: 'looks a city up',
  schema: z.object({ city: z.string() }),
});
class Count extends StructuredTool {
  name = 'count';
  description = 'counts letters';
  schema = z.object({ city: z.string() });
  async _call({ city }) {
    await model.invoke(`count ${city}`);
    return String(city.length);
  }
}
const agent = createReactAgent({ llm: model, tools: [lookUp, new Count()], name: 'geographer' });
say((await agent.invoke({ messages: [['user', 'weather of two cities']] })).messages.length);

/** The agent is a node of another graph; its stream is read to the end. */
const team = new StateGraph(State)
  .addNode('ask', async () => ({
    verdict: (await agent.invoke({ messages: [['user', 'weather of two cities']] })).messages.at(-1).content,
  }))
  .addEdge(START, 'ask')
  .compile();
for await (const chunk of await team.stream({ topic: 'team' }, { streamMode: 'values' })) say(chunk);

/** One agent hands over to another: by a tool, as LangGraph's guide to teams of agents has it. */
const transfer = tool(
  async (_input, { toolCall }) =>
    new Command({
      goto: 'writer',
      graph: Command.PARENT,
      update: { messages: [new ToolMessage({ content: 'over to you', name: 'transfer_to_writer', tool_call_id: toolCall.id })] },
    }),
  { name: 'transfer_to_writer', description: 'hands over to the writer', schema: z.object({}) },
);
const desk = new StateGraph(MessagesAnnotation)
  .addNode('clerk', createReactAgent({ llm: model, tools: [transfer], name: 'clerk' }), { ends: ['writer'] })
  .addNode('writer', async ({ messages }) => ({ messages: [await model.invoke(messages.slice(0, 1))] }))
  .addEdge(START, 'clerk')
  .compile({ name: 'desk' });
say((await desk.invoke({ messages: [['user', 'hand over']] })).messages.length);

/** A person is asked, and the same thread goes on with the answer. */
const publish = new StateGraph(State)
  .addNode('ask', () => ({ verdict: interrupt('publish?') }))
  .addEdge(START, 'ask')
  .compile({ checkpointer: new MemorySaver(), name: 'publish' });
const thread = { configurable: { thread_id: 'thread-1' } };
await publish.invoke({ topic: 'x' }, thread);
say(await publish.invoke(new Command({ resume: 'yes' }), thread));

/** A node that fails once and is tried again, and one that fails for good. */
let tries = 0;
const flaky = new StateGraph(State)
  .addNode(
    'flaky',
    async () => {
      tries += 1;
      if (tries === 1) throw new RangeError('not yet');
      return { verdict: 'at last' };
    },
    { retryPolicy: { maxAttempts: 2, initialInterval: 1, jitter: false, logWarning: false } },
  )
  .addNode('broken', () => {
    throw new TypeError('broken');
  })
  .addEdge(START, 'flaky')
  .addEdge('flaky', 'broken')
  .compile({ name: 'faults' });
try {
  await flaky.invoke({ topic: 'x' });
} catch (error) {
  say(error.name, error.message);
}

/** It is stopped while a node works. */
const controller = new AbortController();
const slow = new StateGraph(State)
  .addNode(
    'slow',
    (_state, { signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        controller.abort();
      }),
  )
  .addEdge(START, 'slow')
  .compile({ name: 'stopped' });
try {
  await slow.invoke({ topic: 'x' }, { signal: controller.signal });
} catch (error) {
  say(error.name);
}

/** Its reader leaves while a node works. */
const left = new StateGraph(State)
  .addNode('quick', () => ({ verdict: 'quick' }))
  .addNode('late', (_state, { signal }) => new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))))
  .addEdge(START, 'quick')
  .addEdge('quick', 'late')
  .compile({ name: 'left' });
for await (const chunk of await left.stream({ topic: 'x' }, { streamMode: 'updates' })) {
  say(chunk);
  break;
}

/** A chain that its author has named. */
say((await review.withConfig({ runName: 'critic' }).invoke({ topic: 'chains' })).content);
