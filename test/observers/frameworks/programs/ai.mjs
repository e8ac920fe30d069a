// Loops of the AI SDK as its README has them: generate, stream and an agent, tools in them, a stream that is left and faults.
import * as ai from 'ai';
import { createOpenAI } from '@ai-sdk/openai';
import { z } from 'zod';

const { generateText, stepCountIs, streamText, tool } = ai;
const ToolLoopAgent = ai.ToolLoopAgent ?? ai.Experimental_Agent;
const say = (...what) => console.log(JSON.stringify(what));
const model = createOpenAI()('gpt-4o');
const stopWhen = stepCountIs(3);

/** It asks the model itself. */
const weather = tool({
  description: 'the weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `${city}: ${(await generateText({ model, prompt: 'inside' })).text}`,
});
const broken = tool({
  description: 'breaks',
  inputSchema: z.object({}),
  execute: async () => {
    throw new RangeError('broken');
  },
});

say((await generateText({ model, tools: { get_weather: weather }, prompt: 'weather of two cities', stopWhen })).text);

/** Two streams at once, and one call without tools. */
const stream = async () => {
  const { textStream } = streamText({ model, tools: { get_weather: weather }, prompt: 'weather of two cities', stopWhen });
  let text = '';
  for await (const piece of textStream) text += piece;
  return text;
};
say(await Promise.all([stream(), stream()]), (await generateText({ model, prompt: 'hello' })).text);

const agent = new ToolLoopAgent({ id: 'forecaster', name: 'forecaster', model, tools: { get_weather: weather }, stopWhen });
say((await agent.generate({ prompt: 'weather of two cities' })).text);

say((await generateText({ model, tools: { break_it: broken }, prompt: 'break it', stopWhen })).text);

/** It is aborted after its first piece. */
const controller = new AbortController();
const left = streamText({ model, tools: { get_weather: weather }, prompt: 'hello', abortSignal: controller.signal });
for await (const piece of left.textStream) {
  say(piece !== '');
  controller.abort();
  break;
}

try {
  await generateText({ model, tools: { get_weather: weather }, prompt: 'fail', maxRetries: 0 });
} catch (error) {
  say(error.name);
}
