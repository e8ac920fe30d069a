/** Epoch milliseconds with fraction, as the wire wants them. */

/** Whole seconds and nanoseconds of `epochMs`; zero for what is no time. */
export function splitEpochMs(epochMs: number): readonly [seconds: number, nanoseconds: number] {
  if (!(epochMs > 0) || !Number.isFinite(epochMs)) return [0, 0];
  const seconds = Math.floor(epochMs / 1000);
  return [seconds, Math.round((epochMs - seconds * 1000) * 1e6)];
}

/** Nanoseconds since the epoch as decimal text, which is how OTLP/JSON spells 64-bit integers. */
export function nanosecondText(seconds: number, nanoseconds: number): string {
  return (BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)).toString();
}
