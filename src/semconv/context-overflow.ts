/** How providers say that a prompt does not fit into the context window. Their texts are read and never leave. */

/** What they call it where they have a code. */
const CODE =
  /context.?(length|window|size|limit).{0,12}exceed|exceed.{0,12}context.?(length|window|size|limit)|(prompt|input)_?too_?long|max_prompt_tokens_exceeded|tokens_limit_reached/i;

/** Every gap is bounded, so that no text takes long. */
const WORDS: readonly RegExp[] = [
  /prompt (is )?too long/i, // Anthropic, Fireworks, Ollama
  /input (is|prompt .{0,30}) ?too long/i, // Bedrock, vLLM
  /too many (input )?tokens/i, // Cohere, Bedrock
  /exceed\w{0,3} .{0,40}context (length|window|size|limit)/i, // OpenAI, llama.cpp, SGLang, Cloudflare, Anthropic's max_tokens
  /context (length|window|size|limit) .{0,20}exceed/i, // MiniMax
  /maximum (allowed )?(context|prompt|model|sequence|input) length/i, // OpenAI, vLLM, DeepSeek, OpenRouter, Mistral, xAI, Poolside
  /(longer|greater|larger) than the .{0,20}context (length|window|size)/i, // Together, SGLang, LM Studio
  /context length (is|of) only/i, // LM Studio, vLLM
  /input tokens?( count)? .{0,60}(exceed|only supports up to)/i, // Gemini, Bedrock, watsonx, OpenAI
  /prompt token count .{0,40}exceed/i, // GitHub Copilot
  /prompt contains \d+ tokens/i, // Mistral
  /prompt exceeds max/i, // Z.ai
  /exceeds? max_(seq|model|input|prompt)_?len/i, // TensorRT-LLM
  /exceeded model token limit/i, // Kimi
  /reduce the length of the (messages|input|prompt)/i, // Groq, Cerebras
  /range of input length should be/i, // Qwen
  /`inputs` (tokens .{0,40}must be <=|must have less than)/i, // TGI
];

/** Limits by time speak of too many tokens as well. */
const BY_TIME = /per (second|min|minute|hour|day|month)\b|rate.?limit|throttl|quota|please wait|try again (in|later)|\b[tr]pm\b/i;

/** Longest text that is looked into: what is said stands at its beginning. */
const MAX_CHARACTERS = 2_048;

/** @example isOverflowCode('exceed_context_size_error') // true */
export function isOverflowCode(code: string): boolean {
  return CODE.test(code.slice(0, 128));
}

/** @example tellsOverflow('prompt is too long: 203117 tokens > 200000 maximum') // true */
export function tellsOverflow(text: string): boolean {
  const beginning = text.slice(0, MAX_CHARACTERS);
  return (CODE.test(beginning) || WORDS.some((words) => words.test(beginning))) && !BY_TIME.test(beginning);
}
