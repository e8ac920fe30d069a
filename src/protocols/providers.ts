/** Whose service answers a call, and in which region: by its host, else by its path, its headers and its model. */
import type { Headers } from './facts/headers.ts';
import type { Protocol } from './protocol.ts';
import type { Recognised } from './recognition.ts';

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
  { provider: 'gcp.gen_ai', hosts: /^cloudcode-pa\.googleapis\.com$/ },
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
  { provider: 'z_ai', hosts: /^api\.z\.ai$|^open\.bigmodel\.(cn)$/ },
  { provider: 'dashscope', hosts: /^dashscope(?:-[a-z]+)?\.aliyuncs\.com$/ },
  { provider: 'sambanova', hosts: /^api\.sambanova\.ai$/ },
  { provider: 'minimax', hosts: /^api\.minimax\.(?:io|chat)$|^api\.minimaxi\.(com)$/ },
  { provider: 'deepinfra', hosts: /^api\.deepinfra\.com$/ },
  { provider: 'huggingface', hosts: /^router\.huggingface\.co$/ },
  { provider: 'vercel', hosts: /^ai-gateway\.vercel\.sh$/ },
  { provider: 'cloudflare', hosts: /^(?:gateway\.ai|api)\.cloudflare\.com$/ },
  { provider: 'github', hosts: /^models\.github\.ai$/ },
  { provider: 'github_copilot', hosts: /^api(?:\.[a-z]+)?\.githubcopilot\.com$/ },
  { provider: 'databricks', hosts: /\.(?:cloud|gcp)\.databricks\.com$|\.azuredatabricks\.net$/ },
  { provider: 'snowflake', hosts: /\.snowflakecomputing\.com$/ },
  { provider: 'siliconflow', hosts: /^api\.siliconflow\.(?:com|cn)$/ },
  { provider: 'novita', hosts: /^api\.novita\.ai$/ },
  { provider: 'nebius', hosts: /^api\.(?:studio|tokenfactory)\.nebius\.com$/ },
  { provider: 'volcengine', hosts: /^ark\.[a-z0-9-]+\.volces\.com$/ },
  { provider: 'baseten', hosts: /^inference\.baseten\.co$/ },
  { provider: 'voyage', hosts: /^api\.voyageai\.com$/ },
  { provider: 'jina', hosts: /^api\.jina\.ai$/ },
  { provider: 'ollama', hosts: /^(?:api\.)?ollama\.com$/ },
  { provider: 'nvidia', hosts: /^integrate\.api\.nvidia\.com$/ },
];

/** Of protocols that many services speak: the models that the maker alone has the weights of. A proxy hands them on. */
const OWN_MODELS: Readonly<Record<string, RegExp>> = {
  openai: /^(?:openai\/)?(?:gpt-(?!oss)|chatgpt-|codex-|o[1-9](?:-|$)|text-embedding-|ft:gpt-)/i,
  anthropic: /^(?:anthropic\/)?claude-/i,
};

/** `gen_ai.provider.name` of a service that nobody told. */
const UNKNOWN = '_OTHER';

export interface Place extends Headers {
  /** Host name without port. */
  readonly host: string;
  /** With query. */
  readonly path: string;
}

/**
 * `gen_ai.provider.name`: by the host; at an unknown one (a proxy, a server of one's own) by a path that only one service has.
 * Else the protocol names the provider; of one that many services speak only while the model is unknown, or is one that only
 * its maker has: any other is the server's, if that is known by its answer, or nobody's that we know.
 */
export function providerOf(
  place: Place,
  { protocol, operation }: Pick<Recognised, 'protocol' | 'operation'>,
  { model, server }: { readonly model?: string | undefined; readonly server?: string | undefined } = {},
): string {
  const known = serviceOf(place.host)?.provider ?? operation.provider ?? (isAzure(place) ? AZURE : undefined);
  if (known !== undefined) return known;
  const { provider } = protocol;
  const ownModels = OWN_MODELS[provider];
  return model === undefined || ownModels === undefined || ownModels.test(model) ? provider : (server ?? UNKNOWN);
}

/**
 * True for the hosts of a service that speaks the protocol: there any of its paths is a call. One service's own protocol is at
 * home with that service alone: OpenAI has conversations too, in which no model works.
 */
export function isAtHome(host: string, { provider }: Pick<Protocol, 'provider'>): boolean {
  const known = serviceOf(host)?.provider;
  return known !== undefined && (known === provider || OWN_MODELS[provider] !== undefined);
}

/** Whether a request is a call is known by its body alone: its path at this host may be anybody's. */
export function isToldByBody(host: string, { protocol, operation }: Pick<Recognised, 'protocol' | 'operation'>): boolean {
  return operation.body !== undefined && (operation.isShared === true || !isAtHome(host, protocol));
}

const AZURE = 'azure.ai.openai';

/** Behind a gateway or a name of one's own Azure is still known by its paths and by the header that its keys go in. */
function isAzure(place: Place): boolean {
  return place.path.includes('/openai/v1/') && place.header('api-key') !== undefined;
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
  const told = remembered.get(host);
  if (told !== undefined || remembered.has(host)) return told;
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
