// Queries as the SDK's README has them: a tool of the program, a sub-agent, an agent with a name, a conversation, and endings.
import { createSdkMcpServer, query, tool } from '@anthropic-ai/claude-agent-sdk';
import { z } from 'zod';

const say = (...what) => console.log(JSON.stringify(what));

/** A call that the program makes itself. */
async function ask(content) {
  const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer test' };
  const answer = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, { method: 'POST', headers, body });
  return (await answer.json()).choices[0].message.content;
}

const lookUp = tool('look_up', 'looks up a city', { city: z.string() }, async ({ city }) => ({
  content: [{ type: 'text', text: await ask(`inside ${city}`) }],
}));
const options = {
  mcpServers: { desk: createSdkMcpServer({ name: 'desk', tools: [lookUp] }) },
  allowedTools: ['mcp__desk__look_up', 'Agent'],
  agents: {
    researcher: { description: 'researches', prompt: 'You research.' },
    reviewer: { description: 'reviews', prompt: 'You review.' },
  },
  settingSources: [],
};

async function resultOf(messages) {
  let last;
  for await (const message of messages) if (message.type === 'result') last = [message.subtype, message.is_error, message.result];
  return last;
}

const parts = {
  async tools() {
    say(await resultOf(query({ prompt: 'weather of a city', options })));
    const both = ['research it', 'review it'].map((prompt, index) =>
      query({ prompt, options: index === 0 ? options : { ...options, agent: 'reviewer' } }),
    );
    say(await Promise.all(both.map(resultOf)));
  },
  async research() {
    say(await resultOf(query({ prompt: 'research it', options })));
  },
  /** Two prompts to one process, and what else a query can do. */
  async conversation() {
    let answered = () => undefined;
    async function* prompts() {
      for (const content of ['hello', 'again']) {
        const isAnswered = new Promise((resolve) => (answered = resolve));
        yield { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null };
        await isAnswered;
      }
    }
    const messages = query({ prompt: prompts(), options });
    say(
      typeof messages.interrupt,
      typeof messages.setModel,
      typeof messages.close,
      messages[Symbol.toStringTag] ?? null,
      query.name.length > 0,
      query.length,
    );
    const models = [];
    for await (const message of messages) {
      if (message.type === 'assistant') models.push(message.message.model);
      if (message.type !== 'result') continue;
      if (models.length === 1) await messages.setModel('claude-haiku-4-5');
      answered();
    }
    say(models);
  },
  async left() {
    for await (const { type } of query({ prompt: 'hello', options })) {
      if (type !== 'assistant') continue;
      say('left');
      break;
    }
  },
  async failing() {
    const result = await resultOf(query({ prompt: 'be refused', options })).catch((error) => ['thrown', error.constructor.name]);
    say(result.slice(0, 2));
  },
};

for (const part of process.argv.slice(2)) await parts[part]();
