/** Tells an LLM call from its method, path and host: which protocol it speaks and whose service it is. */
import * as catalogue from './catalogue.ts';
import type { Endpoint, Protocol } from './protocol.ts';

const PROTOCOLS: readonly Protocol[] = Object.values(catalogue);

/** `undefined` for a request that is no LLM call. Cheap: every request of the app passes here. In arming.cjs only whether there is one counts. */
export function protocolOf({ method, path }: { readonly method: string; readonly path: string }): Protocol | undefined {
  if (method !== 'POST') return undefined;
  const query = path.indexOf('?');
  const end = query === -1 ? path : path.slice(0, query);
  return PROTOCOLS.find(({ pathEnd }) => end.endsWith(pathEnd));
}

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

/** `gen_ai.provider.name`: by the host or a domain above it (`api.openai.com`, never `notopenai.com`), else whose protocol it is. */
export function providerOf(host: string, endpoint: Endpoint): string {
  const name = host.toLowerCase();
  return PROVIDER_HOSTS.find(([known]) => name === known || name.endsWith(`.${known}`))?.[1] ?? endpoint.provider;
}
