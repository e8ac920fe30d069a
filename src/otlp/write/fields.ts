/** Field numbers, flags and times that several OTLP encoders share. */
import type { EpochMs } from '../../semconv/telemetry.ts';

/** `ScopeSpans.spans`, `ScopeMetrics.metrics` and `ScopeLogs.log_records` all have this number. */
export const ITEM_FIELD = 2;

const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** The low eight bits are the W3C trace flags; two more say whether the parent (or the link) is remote. */
export function spanFlags(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote === true ? IS_REMOTE : 0);
}

/** Whole seconds and nanoseconds of `epochMs`; zero for what is no time. */
export function splitEpochMs(epochMs: EpochMs): readonly [seconds: number, nanoseconds: number] {
  if (!(epochMs > 0) || !Number.isFinite(epochMs)) return [0, 0];
  const seconds = Math.floor(epochMs / 1000);
  return [seconds, Math.round((epochMs - seconds * 1000) * 1e6)];
}

/** Nanoseconds since the epoch as decimal text, which is how OTLP/JSON spells 64-bit integers. */
export function nanosecondText(seconds: number, nanoseconds: number): string {
  return (BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)).toString();
}
