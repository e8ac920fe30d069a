// An agent as LangChain's README has it.
import { createAgent, tool } from 'langchain';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';

const lookUp = tool(({ city }) => `${city} is a city`, {
  name: 'look_up',
  description: 'looks a city up',
  schema: z.object({ city: z.string() }),
});
const model = new ChatOpenAI({ model: 'gpt-4o', maxRetries: 0 });
const agent = createAgent({ model, tools: [lookUp], name: 'librarian' });
console.log((await agent.invoke({ messages: [{ role: 'user', content: 'weather of two cities' }] })).messages.length);
const stream = await agent.stream({ messages: [{ role: 'user', content: 'hello' }] }, { streamMode: 'updates' });
for await (const chunk of stream) console.log(Object.keys(chunk).join());
