// A loop of AI SDK 7 that tells itself, by the integration for OpenTelemetry, in an app without an SDK of OpenTelemetry.
import { generateText, isStepCount, registerTelemetry, tool } from 'ai';
import { createOpenAI } from '@ai-sdk/openai';
import { OpenTelemetry } from '@ai-sdk/otel';
import { z } from 'zod';

registerTelemetry(new OpenTelemetry());
const weather = tool({ description: 'the weather', inputSchema: z.object({ city: z.string() }), execute: async ({ city }) => city });
const { text } = await generateText({
  model: createOpenAI()('gpt-4o'),
  tools: { get_weather: weather },
  prompt: 'weather of two cities',
  stopWhen: isStepCount(3),
});
console.log(text);
