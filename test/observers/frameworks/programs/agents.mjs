// Agents as the README of OpenAI Agents has them: a tool, a hand-over, guardrails, a stream and faults.
import { Agent, run, setDefaultOpenAIClient, setTraceProcessors, tool, withTrace } from '@openai/agents';
import OpenAI from 'openai';
import { z } from 'zod';

setDefaultOpenAIClient(new OpenAI({ maxRetries: 0 }));
const say = (...what) => console.log(JSON.stringify(what));
const kinds = [];
if (process.argv[2] === 'own')
  setTraceProcessors([
    {
      async onTraceStart({ name }) {
        kinds.push(name);
      },
      async onTraceEnd() {},
      async onSpanStart({ spanData }) {
        kinds.push(spanData.type);
      },
      async onSpanEnd() {},
      async shutdown() {},
      async forceFlush() {},
    },
  ]);
const model = 'gpt-4o';

const weather = tool({
  name: 'get_weather',
  description: 'the weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) =>
    `${city}: ${
      (
        await fetch(`${process.env.OPENAI_BASE_URL}/responses`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
          body: JSON.stringify({ model, input: 'inside' }),
        })
      ).status
    }`,
});
const forecaster = new Agent({ name: 'Forecaster', model, instructions: 'You know the weather.', tools: [weather] });
say((await run(forecaster, 'weather of two cities')).finalOutput);

/** Two runs at once, in one workflow of the app's. */
await withTrace(
  'Travel desk',
  async () => {
    const answers = await Promise.all([run(forecaster, 'hello'), run(forecaster, 'hello')]);
    say(answers.map(({ finalOutput }) => finalOutput));
  },
  { groupId: 'conversation-1' },
);

/** One agent hands over to another. */
const clerk = Agent.create({ name: 'Clerk', model, instructions: 'You send people on.', handoffs: [forecaster] });
say((await run(clerk, 'hand over')).lastAgent.name);

/** A guardrail asks an agent of its own, and stops the second question. */
const judge = new Agent({ name: 'Judge', model, instructions: 'You judge.' });
const guarded = new Agent({
  name: 'Guarded',
  model,
  instructions: 'You are careful.',
  inputGuardrails: [
    {
      name: 'No homework',
      runInParallel: false,
      execute: async ({ input }) => ({
        tripwireTriggered: (await run(judge, 'judge')) && String(input).includes('homework'),
        outputInfo: {},
      }),
    },
  ],
});
say((await run(guarded, 'hello')).finalOutput);
try {
  await run(guarded, 'homework');
} catch (error) {
  say(error.name, error.message);
}

/** A stream that is read to its end. */
const stream = await run(forecaster, 'hello', { stream: true });
let text = '';
for await (const piece of stream.toTextStream()) text += piece;
await stream.completed;
say(text);

/** A model that cannot be asked. */
try {
  await run(forecaster, 'fail');
} catch (error) {
  say(error.constructor.name);
}
say(kinds);
