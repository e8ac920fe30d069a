/** Which program of one's own answers, or hands on, calls of the OpenAI family: by what it alone writes. */
import { asArray, asObject, type JsonObject } from '../read/json.ts';
import type { Headers } from './headers.ts';

/** LiteLLM's proxy names each call; llama.cpp names itself. */
export function serverInHead(head: Headers): string | undefined {
  if (head.header('x-litellm-call-id') !== undefined || head.header('x-litellm-version') !== undefined) return 'litellm';
  return head.header('server')?.startsWith('llama.cpp') === true ? 'llama_cpp' : undefined;
}

/** Members that one server alone writes into an answer or a chunk of it, and into a choice; their values do not matter. */
const IN_BODY: readonly (readonly [member: string, server: string])[] = [
  ['kv_transfer_params', 'vllm'],
  ['prompt_logprobs', 'vllm'],
  ['prompt_token_ids', 'vllm'],
  ['timings', 'llama_cpp'],
  ['stats', 'lm_studio'],
];
const IN_CHOICE: readonly (readonly [member: string, server: string])[] = [
  ['matched_stop', 'sglang'],
  ['stop_reason', 'vllm'],
  ['token_ids', 'vllm'],
];

export function serverIn(body: JsonObject): string | undefined {
  if (body['system_fingerprint'] === 'fp_ollama') return 'ollama';
  const found = IN_BODY.find(([member]) => body[member] !== undefined);
  if (found !== undefined) return found[1];
  const choice = asObject(asArray(body['choices'])[0]);
  return choice === undefined ? undefined : IN_CHOICE.find(([member]) => choice[member] !== undefined)?.[1];
}
