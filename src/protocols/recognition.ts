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

/** A service answers under its own hosts, never under all of a cloud: whoever rents a load balancer there is somebody else. */
interface Service {
  /** `gen_ai.provider.name`: a well-known value, else the service's own name. */
  readonly provider: string;
  /** In lower case; a group is the region that the host names. */
  readonly hosts: RegExp;
}

const SERVICES: readonly Service[] = [
  { provider: 'openai', hosts: /^(?:([a-z]{2})\.)?api\.openai\.com$/ },
  { provider: 'anthropic', hosts: /^api\.anthropic\.com$|^aws-external-anthropic\.[a-z0-9-]+\.api\.aws$/ },
  { provider: 'azure.ai.openai', hosts: /\.(?:openai|cognitiveservices)\.azure\.(?:com|us|cn)$/ },
  { provider: 'azure.ai.inference', hosts: /\.(?:services|inference|models)\.ai\.azure\.com$|\.inference\.ml\.azure\.com$/ },
  { provider: 'gcp.gemini', hosts: /^generativelanguage\.googleapis\.com$/ },
  { provider: 'gcp.vertex_ai', hosts: /^(?:([a-z0-9-]+)[-.])?aiplatform\.googleapis\.com$|^aiplatform\.([a-z]+)\.rep\.googleapis\.com$/ },
  {
    provider: 'aws.bedrock',
    hosts:
      /^(?:[\w-]+\.)?bedrock(?:-[a-z]+)*\.([a-z0-9-]+)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$|^bedrock(?:-[a-z]+)*\.([a-z0-9-]+)\.api\.aws$/,
  },
  { provider: 'mistral_ai', hosts: /^(?:api|codestral)\.mistral\.ai$/ },
  { provider: 'groq', hosts: /^api\.groq\.com$/ },
  { provider: 'deepseek', hosts: /^api\.deepseek\.com$/ },
  { provider: 'x_ai', hosts: /^(?:([a-z0-9-]+)\.)?api\.x\.ai$/ },
  { provider: 'perplexity', hosts: /^api\.perplexity\.ai$/ },
  { provider: 'cohere', hosts: /^api\.cohere\.(?:com|ai)$/ },
  // In China its prices are not the same ones in another currency.
  { provider: 'moonshot_ai', hosts: /^api\.moonshot\.(?:ai|(cn))$/ },
  { provider: 'ibm.watsonx.ai', hosts: /\.ml\.cloud\.ibm\.com$/ },
  { provider: 'openrouter', hosts: /^(?:(?:www|[a-z]{2})\.)?openrouter\.ai$/ },
  { provider: 'together', hosts: /^api\.together\.(?:xyz|ai)$/ },
  { provider: 'fireworks', hosts: /^(?:([a-z]{2})\.)?api\.fireworks\.ai$/ },
  { provider: 'cerebras', hosts: /^api\.cerebras\.ai$/ },
  { provider: 'z_ai', hosts: /^api\.z\.ai$/ },
  { provider: 'minimax', hosts: /^api\.minimax\.(?:io|chat)$|^api\.minimaxi\.(com)$/ },
  { provider: 'deepinfra', hosts: /^api\.deepinfra\.com$/ },
  { provider: 'huggingface', hosts: /^router\.huggingface\.co$/ },
  { provider: 'vercel', hosts: /^ai-gateway\.vercel\.sh$/ },
  { provider: 'cloudflare', hosts: /^gateway\.ai\.cloudflare\.com$/ },
  { provider: 'nvidia', hosts: /^integrate\.api\.nvidia\.com$/ },
];

/** Models that their maker alone has the weights of, by the provider whose protocol they speak: a proxy hands them on. */
const OWN_MODELS: Readonly<Record<string, RegExp>> = {
  openai: /^(?:openai\/)?(?:gpt-(?!oss)|chatgpt-|codex-|o[1-9](?:-|$)|text-embedding-|ft:gpt-)/i,
  anthropic: /^(?:anthropic\/)?claude-/i,
};

/** `gen_ai.provider.name` of a service that nobody told. */
const UNKNOWN = '_OTHER';

/**
 * `gen_ai.provider.name`: by the host. At an unknown host (a proxy, a server of one's own) a model that only its maker has is the
 * maker's, any other is nobody's that we know; before the model is known the protocol names the provider.
 */
export function providerOf(host: string, endpoint: Endpoint, model?: string): string {
  const service = serviceOf(host);
  if (service !== undefined) return service.provider;
  return model === undefined || OWN_MODELS[endpoint.provider]?.test(model) === true ? endpoint.provider : UNKNOWN;
}

/** The region that the host names. */
export function regionOf(host: string): string | undefined {
  return serviceOf(host)?.region;
}

interface Known {
  readonly provider: string;
  readonly region: string | undefined;
}

/** Hosts remembered, since each call asks several times. A swarm has a handful; the limit is for hosts made up per call. */
const MAX_REMEMBERED = 100;
const remembered = new Map<string, Known | undefined>();

function serviceOf(host: string): Known | undefined {
  if (remembered.has(host)) return remembered.get(host);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const known = lookUp(host.toLowerCase());
  remembered.set(host, known);
  return known;
}

function lookUp(name: string): Known | undefined {
  for (const { provider, hosts } of SERVICES) {
    const match = hosts.exec(name);
    if (match !== null) return { provider, region: match.slice(1).find((region) => (region as string | undefined) !== undefined) };
  }
  return undefined;
}
