/** The LLM protocols that are read, one line each. */
export { protocol as anthropicMessages } from './anthropic-messages/index.ts';
export { protocol as openaiAudio } from './openai-audio/index.ts';
export { protocol as openaiChat } from './openai-chat/index.ts';
export { protocol as gemini } from './gemini/index.ts';
export { protocol as openaiCompletions } from './openai-completions/index.ts';
export { protocol as openaiEmbeddings } from './openai-embeddings/index.ts';
export { protocol as openaiImages } from './openai-images/index.ts';
export { protocol as openaiRealtime } from './openai-realtime/index.ts';
export { protocol as geminiLive } from './gemini-live/index.ts';
export { protocol as openaiResponses } from './openai-responses/index.ts';
export { protocol as ollama } from './ollama/index.ts';
export { protocol as cohere } from './cohere/index.ts';
export { protocol as bedrockConverse } from './bedrock-converse/index.ts';
export { protocol as bedrockInvoke } from './bedrock-invoke/index.ts';
