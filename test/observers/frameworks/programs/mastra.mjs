// An agent, a stream and a workflow of Mastra as its README has them: with an exporter of the program's own, or (`without`) with no observability.
import { createOpenAI } from '@ai-sdk/openai';
import { Agent } from '@mastra/core/agent';
import { Mastra } from '@mastra/core/mastra';
import { createTool } from '@mastra/core/tools';
import { createStep, createWorkflow } from '@mastra/core/workflows';
import { z } from 'zod';

const say = (...what) => console.log(JSON.stringify(what));
const model = createOpenAI()('gpt-4o');
const text = z.object({ text: z.string() });

const helper = new Agent({ id: 'helper', name: 'helper', instructions: 'You help.', model });
const weather = createTool({
  id: 'get_weather',
  description: 'the weather of a city',
  inputSchema: z.object({ city: z.string() }),
  outputSchema: text,
  execute: async ({ city }) => ({ text: `${city}: ${(await helper.generate('inside')).text}` }),
});
const broken = createTool({
  id: 'break_it',
  description: 'breaks',
  inputSchema: z.object({}),
  execute: async () => {
    throw new RangeError('SECRETERROR');
  },
});
const tools = { get_weather: weather, break_it: broken };
const forecaster = new Agent({ id: 'forecaster', name: 'forecaster', instructions: 'You know the weather.', model, tools });

const step = (id) =>
  createStep({
    id,
    inputSchema: text,
    outputSchema: text,
    execute: async ({ mastra }) => ({ text: (await mastra.getAgent('helper').generate(id)).text }),
  });
const essay = createWorkflow({ id: 'essay', inputSchema: text, outputSchema: z.any() })
  .then(step('plan'))
  .parallel([step('first'), step('second')])
  .commit();

const told = new Set();
const exporter = {
  name: 'own',
  exportTracingEvent: async ({ exportedSpan }) => void told.add(exportedSpan.type),
  flush: async () => undefined,
  shutdown: async () => undefined,
};
async function observability() {
  const { Observability } = await import('@mastra/observability');
  return new Observability({ configs: { default: { serviceName: 'own', exporters: [exporter] } } });
}
const isWithout = process.argv[2] === 'without';
const mastra = new Mastra({
  agents: { forecaster, helper },
  workflows: { essay },
  logger: false,
  ...(!isWithout && { observability: await observability() }),
});

const agent = mastra.getAgent('forecaster');
say((await agent.generate('weather of two cities')).text);
let streamed = '';
for await (const piece of (await agent.stream('hello')).textStream) streamed += piece;
say(streamed);
say((await agent.generate('break it')).text);
const run = await mastra.getWorkflow('essay').createRun();
const result = await run.start({ inputData: { text: 'one' } });
say(result.status, isWithout ? Object.entries(result).filter(([key]) => /(?:trace|span)Id$/.test(key)) : null);
say([...told].sort());
await mastra.shutdown();
