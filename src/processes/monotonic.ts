/** The machine's monotonic clock, which all threads and processes share. */

/** Milliseconds since some time in the past. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}
