/** Tells an LLM call from its method, path and host: which protocol it speaks and whose service it is. */
import type { ExchangeRequest } from '../../hooks/http-exchange.ts';
import { endpointOf, type Endpoint } from './endpoints.ts';
import { anthropicMessages } from './protocols/anthropic-messages.ts';
import { openaiChat } from './protocols/openai-chat.ts';
import type { Protocol } from './protocols/protocol.ts';

export interface Recognised {
  readonly protocol: Protocol;
  /** `gen_ai.provider.name`. */
  readonly provider: string;
}

const PROTOCOLS: Readonly<Record<Endpoint['protocol'], Protocol>> = { 'openai-chat': openaiChat, 'anthropic-messages': anthropicMessages };

/** Hosts and everything below them. Well-known values of `gen_ai.provider.name`, else the service's own name. */
const PROVIDER_HOSTS: readonly (readonly [host: string, provider: string])[] = [
  ['openai.com', 'openai'],
  ['anthropic.com', 'anthropic'],
  ['openai.azure.com', 'azure.ai.openai'],
  ['cognitiveservices.azure.com', 'azure.ai.openai'],
  ['services.ai.azure.com', 'azure.ai.inference'],
  ['inference.ai.azure.com', 'azure.ai.inference'],
  ['models.ai.azure.com', 'azure.ai.inference'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
  ['aiplatform.googleapis.com', 'gcp.vertex_ai'],
  ['amazonaws.com', 'aws.bedrock'],
  ['mistral.ai', 'mistral_ai'],
  ['groq.com', 'groq'],
  ['deepseek.com', 'deepseek'],
  ['x.ai', 'x_ai'],
  ['perplexity.ai', 'perplexity'],
  ['cohere.com', 'cohere'],
  ['cohere.ai', 'cohere'],
  ['moonshot.ai', 'moonshot_ai'],
  ['moonshot.cn', 'moonshot_ai'],
  ['ml.cloud.ibm.com', 'ibm.watsonx.ai'],
  ['openrouter.ai', 'openrouter'],
  ['together.xyz', 'together'],
  ['together.ai', 'together'],
  ['fireworks.ai', 'fireworks'],
  ['cerebras.ai', 'cerebras'],
  ['z.ai', 'z_ai'],
  ['minimax.io', 'minimax'],
];

/** `undefined` for a request that is no LLM call. */
export function recognise(request: ExchangeRequest): Recognised | undefined {
  const endpoint = endpointOf(request);
  if (endpoint === undefined) return undefined;
  return { protocol: PROTOCOLS[endpoint.protocol], provider: providerOf(request.host) ?? endpoint.provider };
}

/** By the longest match that begins at a label: `api.openai.com`, never `notopenai.com`. */
export function providerOf(host: string): string | undefined {
  const name = host.toLowerCase();
  return PROVIDER_HOSTS.find(([known]) => name === known || name.endsWith(`.${known}`))?.[1];
}
