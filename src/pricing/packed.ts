/** The type of the built-in price table. Its field names are short because it is shipped and parsed in the user's program. */

/** First letter says how: `=` equals, `^` begins with, `$` ends with, `*` contains, `/` regular expression. A list means any of them. */
export type PackedMatch = string | PackedMatch[] | { and: PackedMatch[] };

/** A price, or `[base, start, price, start, price, ...]`: above `start` input tokens the whole call costs `price`. */
export type PackedPrice = number | number[] | null;

/** What the prices of a row are for, in their order there; `mtok` is USD per million tokens and `kcount` USD per thousand. */
export const priceKeys = [
  'input_mtok',
  'output_mtok',
  'cache_read_mtok',
  'cache_write_mtok',
  'requests_kcount',
  'cache_write_1h_mtok',
  'web_searches_kcount',
  'input_audio_mtok',
  'output_audio_mtok',
  'input_image_mtok',
  'output_image_mtok',
  'output_reasoning_mtok',
] as const;

export type PackedPrices = PackedPrice[];

export interface ConditionalPrices {
  /** First day (UTC), `YYYY-MM-DD`. */
  from?: string;
  /** Hours of the day (UTC), `HH:MM:SSZ` to `HH:MM:SSZ`. */
  hours?: [string, string];
  prices: PackedPrices;
}

/** Match, context window in tokens (0: unknown), prices; of conditional prices the last that applies counts. */
export type PackedModel = [match: PackedMatch, contextWindow: number, prices: PackedPrices | ConditionalPrices[]];

export interface PackedProvider {
  id: string;
  /** Providers whose models it serves under the same names. */
  fallback?: string[];
  /** The first match counts. */
  models: PackedModel[];
}
