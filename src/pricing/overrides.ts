/** The user's own prices: a JSON file that wins over the built-in table, checked as a whole before anything of it is used. */
import { readNamed } from '../config/small-file.ts';
import { priceKeys, type PackedModel } from './packed.ts';

/** What a price of the file is for. Caches that are left out cost as other input; whatever else is left out has no price. */
const prices = {
  inputPerMillion: 'input_mtok',
  outputPerMillion: 'output_mtok',
  cacheReadPerMillion: 'cache_read_mtok',
  cacheWritePerMillion: 'cache_write_mtok',
  cacheWriteHourPerMillion: 'cache_write_1h_mtok',
  audioInputPerMillion: 'input_audio_mtok',
  audioOutputPerMillion: 'output_audio_mtok',
  imageInputPerMillion: 'input_image_mtok',
  imageOutputPerMillion: 'output_image_mtok',
  webSearchPerThousand: 'web_searches_kcount',
} as const satisfies Readonly<Record<string, (typeof priceKeys)[number]>>;

type OverrideModel = Readonly<Partial<Record<keyof typeof prices | 'contextWindow', number>>>;

type Models = ReadonlyMap<string, PackedModel>;

export interface Overrides {
  /** By name, whoever serves them. */
  readonly models: Models;
  /** By the name of the provider (`gen_ai.provider.name`), then of the model. */
  readonly providers: ReadonlyMap<string, Models>;
  /** What is wrong with the file, each with expected and received; when there are any, nothing of it is used. */
  readonly problems: readonly string[];
}

const fields: readonly string[] = [...Object.keys(prices), 'contextWindow'];
const required: ReadonlySet<string> = new Set(['inputPerMillion', 'outputPerMillion']);
const maxFileBytes = 1_048_576;
const maxProblems = 20;

/**
 * Reads `{"models": {"my-model": {"inputPerMillion": 1, "outputPerMillion": 4}}}`; what is below `providers` holds for a
 * provider alone: `{"providers": {"azure.ai.openai": {"gpt-5": {...}}}}`. Never throws.
 */
export function readOverrides(path: string): Overrides {
  const none = (...problems: string[]): Overrides => ({ models: new Map(), providers: new Map(), problems });
  let document: unknown;
  try {
    document = JSON.parse(readNamed(path, maxFileBytes).toString('utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'invalid JSON' : ((error as NodeJS.ErrnoException).code ?? 'an error');
    return none(`expected a readable JSON file of at most ${maxFileBytes} bytes, received: ${why}`);
  }
  const { models, providers } = isObject(document) ? document : {};
  if (!isObject(models ?? {}) || !isObject(providers ?? {}) || (models === undefined && providers === undefined))
    return none('expected an object with an object "models" or "providers"');
  const own = Object.entries(providers ?? {}) as [name: string, models: unknown][];
  const wrong = own.flatMap(([name, each]) => checkAll(`providers.${name}`, each));
  const problems = [...checkAll('models', models ?? {}), ...wrong].slice(0, maxProblems);
  if (problems.length > 0) return none(...problems);
  const packed = own.map(([name, each]) => [name.toLowerCase(), packAll(each)] as const);
  return { models: packAll(models ?? {}), providers: new Map(packed), problems };
}

function checkAll(place: string, models: unknown): string[] {
  if (!isObject(models)) return [`${place}: expected an object`];
  return Object.entries(models).flatMap(([name, model]) => check(`${place}.${name}`, model));
}

function packAll(models: unknown): Models {
  return new Map(Object.entries(models as object).map(([name, model]) => [name.toLowerCase(), pack(model as OverrideModel)]));
}

function check(place: string, model: unknown): string[] {
  if (!isObject(model)) return [`${place}: expected an object`];
  const unknown = Object.keys(model)
    .filter((key) => !fields.includes(key))
    .map((key) => `${place}.${key}: expected one of ${fields.join(', ')}`);
  const wrong = fields.filter((key) => {
    const value = model[key];
    return value === undefined ? required.has(key) : typeof value !== 'number' || !Number.isFinite(value) || value < 0;
  });
  return [
    ...unknown,
    ...wrong.map(
      (key) => `${place}.${key}: expected a number of at least 0, received ${JSON.stringify(model[key])?.slice(0, 40) ?? 'nothing'}`,
    ),
  ];
}

function pack(model: OverrideModel): PackedModel {
  const byKey = new Map(Object.entries(prices).map(([field, key]) => [key, model[field as keyof typeof prices]]));
  return [[], model.contextWindow ?? 0, priceKeys.map((key) => byKey.get(key as (typeof prices)[keyof typeof prices]) ?? null)];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
