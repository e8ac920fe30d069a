// Agents with a tool, alone and in a network of AgentKit, as its README has them, without a server of Inngest's.
import { createAgent, createNetwork, createTool, openai } from '@inngest/agent-kit';
import { z } from 'zod';

const say = (...what) => console.log(JSON.stringify(what));
const model = openai({ model: 'gpt-4o', baseUrl: `${process.env.OPENAI_BASE_URL}/`, apiKey: 'test' });
const helper = createAgent({ name: 'helper', system: 'You help.', model });
const tool = (name, handler) => createTool({ name, description: name, parameters: z.object({ city: z.string().optional() }), handler });
const tools = [
  tool('get_weather', async ({ city }) => `${city}: ${(await helper.run('inside')).output[0].content}`),
  tool('break_it', async () => {
    throw new RangeError('SECRETERROR');
  }),
];
const forecaster = createAgent({ name: 'forecaster', system: 'You know the weather.', model, tools });

const { toolCalls } = await forecaster.run('weather of two cities');
say(toolCalls.map(({ content }) => content));
say((await forecaster.run('break it')).toolCalls.map(({ content }) => content.error.name));
const router = ({ callCount }) => [helper, forecaster][callCount];
const network = createNetwork({ name: 'desk', agents: [forecaster, helper], defaultModel: model, router });
say((await network.run('hello')).state.results.map(({ agentName }) => agentName));
