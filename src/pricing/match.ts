/** Finds a model in the packed table by the name that a provider or a user gives it. */
import type { PackedMatch, PackedModel, PackedProvider } from './packed.ts';

/** Names of `gen_ai.provider.name` (and of gateways' prefixes) that the table spells differently. */
const tableNames: Readonly<Record<string, string>> = {
  'azure.ai.openai': 'azure',
  'azure.ai.inference': 'azure',
  'aws.bedrock': 'aws',
  bedrock: 'aws',
  'gcp.gemini': 'google',
  'gcp.vertex_ai': 'google',
  'gcp.gen_ai': 'google',
  gemini: 'google',
  vertex_ai: 'google',
  mistral_ai: 'mistral',
  mistralai: 'mistral',
  x_ai: 'x-ai',
  xai: 'x-ai',
  moonshot_ai: 'moonshotai',
  'z-ai': 'zhipuai',
};

/** Weights that only their maker serves, or who resells at the maker's price; what is open costs what its host asks. */
const CLOSED = /^(?:gpt-(?!oss)|chatgpt-|o[1-9](?:-|$)|ft:gpt-|text-embedding-|claude-|gemini-|grok-[3-9])/;

export interface FoundModel {
  readonly model: PackedModel;
  /** Whose row it is, by its name in the table. */
  readonly provider: string;
  /** The model's name without a vendor in front. */
  readonly name: string;
}

/** The model's row; undefined when the provider or the model is not in the table. */
export function findModel(providers: ReadonlyMap<string, PackedProvider>, provider: string, model: string): FoundModel | undefined {
  const id = provider.toLowerCase().trim();
  const home = providers.get(tableNames[id] ?? id);
  for (const name of spellings(model.toLowerCase().trim())) {
    const found = home === undefined ? undefined : findIn(providers, home, name);
    if (home !== undefined && found !== undefined) return { model: found, provider: home.id, name: withoutVendor(name) };
    const slash = name.indexOf('/');
    if (slash <= 0) continue;
    // A gateway names the vendor in front: `openai/gpt-5`.
    const vendor = name.slice(0, slash);
    const other = providers.get(tableNames[vendor] ?? vendor);
    const rest = name.slice(slash + 1);
    const inner = other === undefined || !CLOSED.test(rest) ? undefined : findIn(providers, other, rest);
    if (other !== undefined && inner !== undefined) return { model: inner, provider: other.id, name: rest };
  }
  return undefined;
}

function withoutVendor(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** The name itself, its date written with dashes, without `-latest`, without a date. */
function spellings(name: string): Set<string> {
  const dashed = name.replaceAll(/-(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g, '-$1-$2-$3');
  return new Set([name, dashed, name.replace(/-latest$/, ''), dashed.replace(/-20\d\d-\d\d-\d\d$/, '')]);
}

function findIn(providers: ReadonlyMap<string, PackedProvider>, provider: PackedProvider, name: string): PackedModel | undefined {
  const own = provider.models.find(([match]) => isMatch(match, name));
  if (own !== undefined) return own;
  for (const id of provider.fallback ?? []) {
    const found = providers.get(id)?.models.find(([match]) => isMatch(match, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function isMatch(match: PackedMatch, name: string): boolean {
  if (typeof match !== 'string')
    return Array.isArray(match) ? match.some((one) => isMatch(one, name)) : match.and.every((one) => isMatch(one, name));
  const text = match.slice(1);
  switch (match[0]) {
    case '=':
      return name === text;
    case '^':
      return name.startsWith(text);
    case '$':
      return name.endsWith(text);
    case '*':
      return name.includes(text);
    default:
      return new RegExp(text).test(name);
  }
}
