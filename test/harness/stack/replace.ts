// Changes exact strings of the repository's own files, and fails when one is no longer there: a rendered file must not
// silently be another one.

/** Every occurrence of each key becomes its value. `where` is named in the error. */
export function replaceAll(where: string, text: string, changes: Readonly<Record<string, string>>): string {
  let changed = text;
  for (const [from, to] of Object.entries(changes)) {
    if (!changed.includes(from))
      throw new Error(`${where} no longer holds ${JSON.stringify(from)}; mend the rendering in test/harness/stack`);
    changed = changed.replaceAll(from, () => to);
  }
  return changed;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Prometheus' notation for a time in milliseconds: `1500ms`. */
export function duration(ms: number): string {
  return `${Math.round(ms)}ms`;
}

/** Makes the times of lines like `for: 10m` longer or shorter. */
export function scaleDurations(text: string, keys: readonly string[], scale: number): string {
  const line = new RegExp(`^(\\s*(?:${keys.join('|')}): )(\\d+)(ms|s|m|h|d)$`, 'gm');
  return text.replaceAll(
    line,
    (_, start: string, count: string, unit: string) => start + duration(Number(count) * (UNIT_MS[unit] ?? 0) * scale),
  );
}
