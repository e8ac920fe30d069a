/** Models of the same maker, family and generation as a given one: the tiers that a price list offers beside it. */
import { packedTable } from './generated/table.ts';
import type { PackedMatch, PackedProvider } from './packed.ts';

/** Makers whose names of models tell family, generation and tier. Who resells a model is not asked: tiers are the maker's. */
const MAKERS = ['anthropic', 'openai', 'google', 'mistral', 'x-ai', 'deepseek'] as const;
/** Words that name another kind of model than one that answers in text. */
const OTHER_KINDS =
  /^(?:audio|realtime|image|vision|embedding|embed|search|transcribe|tts|moderation|instruct|live|voice|deep|research|codex|code|oss|ocr|omni|\d+k)$/;
/** Words that tell no tier. */
const NO_TIER = new Set(['preview', 'latest', 'exp', 'terminus']);

/** A model by the parts of its name: `claude-opus-4-5` is family `claude`, generation 4, release 5, tier `opus`. */
interface Named {
  readonly name: string;
  readonly maker: string;
  readonly family: string;
  /** With its letter: the `4o` of `gpt-4o` is no `4`. */
  readonly generation: string;
  readonly release: number;
  readonly tier: string;
}

export interface Tier {
  /** The maker's name in the table, for its prices. */
  readonly provider: string;
  readonly model: string;
}

let known: readonly Named[] | undefined;

/**
 * The other tiers of the release that `model` is of; where its release has none, the newest of each tier of its generation. Empty for a
 * model whose name tells no generation, or that is not in the built-in table.
 * @example tiersBeside('gpt-5') // { own: gpt-5, others: [gpt-5-mini, gpt-5-nano, gpt-5-pro] }
 */
export function tiersBeside(model: string): { own: Tier; others: readonly Tier[] } | undefined {
  known ??= allNamed();
  const parts = partsOf(withoutVendor(model.toLowerCase().trim()));
  if (parts === undefined) return undefined;
  const kin = known.filter(({ family, generation }) => family === parts.family && generation === parts.generation);
  const own = kin.find(({ release, tier }) => release === parts.release && tier === parts.tier);
  if (own === undefined) return undefined;
  const others = kin.filter(({ tier }) => tier !== own.tier);
  const sameRelease = others.filter(({ release }) => release === own.release);
  const newest = new Map<string, Named>();
  for (const each of sameRelease.length > 0 ? sameRelease : others) {
    const before = newest.get(each.tier);
    if (before === undefined || before.release < each.release) newest.set(each.tier, each);
  }
  return { own: tierOf(own), others: [...newest.values()].map(tierOf) };
}

const tierOf = ({ maker, name }: Named): Tier => ({ provider: maker, model: name });

/** `us.anthropic.claude-opus-4-5-20251101-v1:0`, `openai/gpt-5`: without who stands in front of it. */
function withoutVendor(name: string): string {
  return name
    .slice(name.lastIndexOf('/') + 1)
    .replace(/^(?:[a-z]+\.)?(?:anthropic|openai|mistral|deepseek|google)\./, '')
    .replace(/(?:-v\d+)?(?::\d+)?$/, '')
    .replace(/-20\d\d-\d\d-\d\d$/, '');
}

function partsOf(name: string): Omit<Named, 'name' | 'maker'> | undefined {
  if (name.includes(':')) return undefined;
  const [first = '', ...rest] = name.split(/[-@]/);
  // `o3-mini` writes both in one.
  const [, family = first, glued] = /^(o)(\d)$/.exec(first) ?? [];
  const numbers: string[] = glued === undefined ? [] : [glued];
  const words: string[] = [];
  for (const part of rest) {
    // Dates and snapshots.
    if (/^\d{3,}$/.test(part)) continue;
    if (/^v?\d{1,2}(?:\.\d{1,2})?[a-z]?$/.test(part)) numbers.push(part);
    else if (OTHER_KINDS.test(part)) return undefined;
    else if (part !== '' && !NO_TIER.has(part)) words.push(part);
  }
  const [generation = '', inside] = (numbers[0] ?? '').split('.');
  const release = Number(inside ?? numbers[1] ?? 0);
  if (generation === '' || !Number.isInteger(release)) return undefined;
  return { family, generation, release, tier: words.sort().join('-') };
}

function allNamed(): Named[] {
  const providers = JSON.parse(packedTable) as PackedProvider[];
  return MAKERS.flatMap((maker) =>
    (providers.find(({ id }) => id === maker)?.models ?? []).flatMap(([match]) => {
      const name = nameOf(match);
      const parts = name === undefined ? undefined : partsOf(name);
      return name === undefined || parts === undefined ? [] : [{ name, maker, ...parts }];
    }),
  );
}

/** The first name in full, or the beginning of one, that the row goes by. */
function nameOf(match: PackedMatch): string | undefined {
  if (Array.isArray(match)) return match.map(nameOf).find((name) => name !== undefined);
  if (typeof match === 'object') return nameOf(match.and);
  return /^[=^]/.test(match) ? match.slice(1) : undefined;
}
