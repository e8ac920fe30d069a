/** What a refusal is: a provider that does not take a call now, for its rate limit or because it is overloaded. */

export type Refusal = 'rate_limit' | 'overload';

/** 529 is Anthropic's overload; 498 is Groq's full capacity. */
const BY_STATUS: ReadonlyMap<number, Refusal> = new Map([
  [429, 'rate_limit'],
  [503, 'overload'],
  [529, 'overload'],
  [498, 'overload'],
]);

/** Words of `error.type`, without case and separators: providers' codes, gRPC's codes and classes of SDKs' errors. */
const BY_WORDS: readonly (readonly [RegExp, Refusal])[] = [
  [/ratelimit|toomanyrequests|throttl|resourceexhausted|quotaexceeded|exceededquota|insufficientquota/, 'rate_limit'],
  [/overload|serviceunavailable|^unavailable$|slowdown|capacityexceeded|overcapacity|^insufficientsystemresource$/, 'overload'],
];

/** Longest `error.type` that is looked into; protects from a "type" that is a document. */
const MAX_CHARACTERS = 128;

/**
 * `undefined` for what is no refusal. A telling `error.type` counts beside any status: some refuse within a 200 or a 413.
 * @example refusalOf({ statusCode: 503 }) // 'overload'
 * @example refusalOf({ errorType: 'RateLimitError' }) // 'rate_limit'
 */
export function refusalOf({ statusCode, errorType }: { statusCode?: number | undefined; errorType?: string | undefined }) {
  return BY_STATUS.get(statusCode ?? 0) ?? (errorType === undefined ? undefined : refusalIn(errorType));
}

function refusalIn(errorType: string): Refusal | undefined {
  const status = /^\d{3}$/.test(errorType) ? BY_STATUS.get(Number(errorType)) : undefined;
  if (status !== undefined) return status;
  const words = errorType
    .slice(0, MAX_CHARACTERS)
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
  return BY_WORDS.find(([pattern]) => pattern.test(words))?.[1];
}
