/** The protocols of LLM calls that are read: one line per folder. arming.cjs holds the `endpoint.ts` of each in place of its `index.ts`. */
export { protocol as anthropicMessages } from './anthropic-messages/index.ts';
export { protocol as openaiChat } from './openai-chat/index.ts';
