/** Makes a fetched table of the text of genai-prices' data. */
import { createHash } from 'node:crypto';
import { packData, packedProviders } from './pack.ts';
import type { RefreshedTable } from './refreshed.ts';

/** Where genai-prices publishes its data: the address that its own package updates itself from. */
export const PRICES_URL = 'https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json';
/** The data has 1 MB; protects the memory from an answer without an end. */
export const MAX_DATA_BYTES = 16 * 1_048_576;

export interface Made {
  readonly table: RefreshedTable;
  readonly models: number;
  readonly leftOut: number;
}

/** `day`: `YYYY-MM-DD`. Returns what is wrong with the text where it is no data of genai-prices. */
export function tableFrom(text: string, { source, day }: { source: string; day: string }): Made | { readonly problem: string } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { problem: 'it is no JSON' };
  }
  const packed = packData(document);
  if (packed === undefined) return { problem: `it is no list of genai-prices with ${packedProviders.join(', ')}` };
  const digest = createHash('sha256').update(JSON.stringify(packed.providers)).digest('hex').slice(0, 8);
  return {
    table: { version: `genai-prices ${day} ${digest}`, source, providers: packed.providers },
    models: packed.providers.reduce((sum, { models }) => sum + models.length, 0),
    leftOut: packed.leftOut,
  };
}
