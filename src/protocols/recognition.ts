/** Tells an LLM call from its method, path and host: which protocol it speaks and whose service it is. */
import * as catalogue from './catalogue.ts';
import type { Endpoint, Protocol } from './protocol.ts';

const PROTOCOLS: readonly Protocol[] = Object.values(catalogue);

/** `undefined` for a request that is no LLM call. Every request of the app passes here; arming.cjs holds no readers. */
export function protocolOf({ method, path }: { readonly method: string; readonly path: string }): Protocol | undefined {
  if (method !== 'POST') return undefined;
  const query = path.indexOf('?');
  const end = query === -1 ? path : path.slice(0, query);
  return PROTOCOLS.find(({ pathEnd }) => end.endsWith(pathEnd));
}

/** Hosts and everything below them. Well-known values of `gen_ai.provider.name`, else the service's own name. */
const PROVIDER_HOSTS: readonly (readonly [provider: string, ...hosts: string[]])[] = [
  ['openai', 'openai.com'],
  ['anthropic', 'anthropic.com'],
  ['azure.ai.openai', 'openai.azure.com', 'cognitiveservices.azure.com'],
  ['azure.ai.inference', 'services.ai.azure.com', 'inference.ai.azure.com', 'models.ai.azure.com'],
  ['gcp.gemini', 'generativelanguage.googleapis.com'],
  ['gcp.vertex_ai', 'aiplatform.googleapis.com'],
  ['aws.bedrock', 'amazonaws.com'],
  ['mistral_ai', 'mistral.ai'],
  ['groq', 'groq.com'],
  ['deepseek', 'deepseek.com'],
  ['x_ai', 'x.ai'],
  ['perplexity', 'perplexity.ai'],
  ['cohere', 'cohere.com', 'cohere.ai'],
  ['moonshot_ai', 'moonshot.ai', 'moonshot.cn'],
  ['ibm.watsonx.ai', 'ml.cloud.ibm.com'],
  ['openrouter', 'openrouter.ai'],
  ['together', 'together.xyz', 'together.ai'],
  ['fireworks', 'fireworks.ai'],
  ['cerebras', 'cerebras.ai'],
  ['z_ai', 'z.ai'],
  ['minimax', 'minimax.io'],
];

/** `gen_ai.provider.name`: by the host (`api.openai.com`, never `notopenai.com`), else whose protocol it is. */
export function providerOf(host: string, endpoint: Endpoint): string {
  const name = host.toLowerCase();
  return (
    PROVIDER_HOSTS.find(([, ...hosts]) => hosts.some((known) => name === known || name.endsWith(`.${known}`)))?.[0] ?? endpoint.provider
  );
}
