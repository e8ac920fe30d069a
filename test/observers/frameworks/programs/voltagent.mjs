// An agent, a stream, a supervisor and a workflow of VoltAgent as its README has them.
import { createOpenAI } from '@ai-sdk/openai';
import { Agent, andThen, createTool, createWorkflowChain } from '@voltagent/core';
import { z } from 'zod';

globalThis.AI_SDK_LOG_WARNINGS = false;
const say = (...what) => console.log(JSON.stringify(what));
const model = createOpenAI()('gpt-4o');
const helper = new Agent({ name: 'helper', instructions: 'You help.', model });
const weather = createTool({
  name: 'get_weather',
  description: 'the weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => `${city}: ${(await helper.generateText('inside')).text}`,
});
const forecaster = new Agent({ name: 'forecaster', instructions: 'You know the weather.', model, tools: [weather] });
const supervisor = new Agent({ name: 'supervisor', instructions: 'You delegate.', model, subAgents: [helper] });
const write = async () => ({ text: (await helper.generateText('write')).text });
const essay = createWorkflowChain({ id: 'essay', name: 'essay', input: z.object({ text: z.string() }), result: z.any() })
  .andThen({ id: 'plan', execute: write })
  .andAll({ id: 'both', steps: ['first', 'second'].map((id) => andThen({ id, execute: write })) });

say((await forecaster.generateText('weather of two cities')).text);
let streamed = '';
for await (const piece of (await forecaster.streamText('hello')).textStream) streamed += piece;
say(streamed);
say((await supervisor.generateText('delegate it')).text);
say((await essay.run({ text: 'one' })).status);
// Its own telemetry keeps timers.
process.exit(0);
