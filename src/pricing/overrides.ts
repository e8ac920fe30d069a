/** The user's own prices: a JSON file that wins over the built-in table, checked as a whole before anything of it is used. */
import { readFileSync, statSync } from 'node:fs';
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

export interface Overrides {
  readonly models: ReadonlyMap<string, PackedModel>;
  /** What is wrong with the file, each with expected and received; when there are any, nothing of it is used. */
  readonly problems: readonly string[];
}

const fields: readonly string[] = [...Object.keys(prices), 'contextWindow'];
const required: ReadonlySet<string> = new Set(['inputPerMillion', 'outputPerMillion']);
const maxFileBytes = 1_048_576;
const maxProblems = 20;

/** Reads `{"models": {"my-model": {"inputPerMillion": 1, "outputPerMillion": 4}}}`. Never throws. */
export function readOverrides(path: string): Overrides {
  const none = (problem: string): Overrides => ({ models: new Map(), problems: [problem] });
  let document: unknown;
  try {
    const found = statSync(path);
    // A FIFO would block the program.
    if (!found.isFile()) return none('expected a readable JSON file, received: no file');
    const { size } = found;
    if (size > maxFileBytes) return none(`expected a file of at most ${maxFileBytes} bytes, received ${size}`);
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return none(
      `expected a readable JSON file, received: ${error instanceof SyntaxError ? 'invalid JSON' : ((error as NodeJS.ErrnoException).code ?? 'an error')}`,
    );
  }
  const named = isObject(document) ? document['models'] : undefined;
  if (!isObject(named)) return none('expected an object with an object "models"');
  const problems = Object.entries(named)
    .flatMap(([name, model]) => check(name, model))
    .slice(0, maxProblems);
  if (problems.length > 0) return { models: new Map(), problems };
  return { models: new Map(Object.entries(named).map(([name, model]) => [name.toLowerCase(), pack(model as OverrideModel)])), problems };
}

function check(name: string, model: unknown): string[] {
  if (!isObject(model)) return [`models.${name}: expected an object`];
  const unknown = Object.keys(model)
    .filter((key) => !fields.includes(key))
    .map((key) => `models.${name}.${key}: expected one of ${fields.join(', ')}`);
  const wrong = fields.filter((key) => {
    const value = model[key];
    return value === undefined ? required.has(key) : typeof value !== 'number' || !Number.isFinite(value) || value < 0;
  });
  return [
    ...unknown,
    ...wrong.map(
      (key) => `models.${name}.${key}: expected a number of at least 0, received ${JSON.stringify(model[key])?.slice(0, 40) ?? 'nothing'}`,
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
