/** Numbers that several OTLP encoders share. */

/** `ScopeSpans.spans`, `ScopeMetrics.metrics` and `ScopeLogs.log_records` all have this number. */
export const ITEM_FIELD = 2;

const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** The low eight bits are the W3C trace flags; two more say whether the parent (or the link) is remote. */
export function spanFlags(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote === true ? IS_REMOTE : 0);
}
