/** Header lists as they came over the wire: name, value, name, value; case, order and repetitions are kept. */

export type RawHeaders = readonly string[];

/** First value; `name` in lower case. */
export function headerIn(raw: RawHeaders, name: string): string | undefined {
  for (let at = 0; at < raw.length; at += 2) {
    const written = raw[at] as string;
    if (written.length === name.length && written.toLowerCase() === name) return raw[at + 1];
  }
  return undefined;
}

export function* pairsOf(raw: RawHeaders): Generator<[name: string, value: string]> {
  for (let at = 0; at + 1 < raw.length; at += 2) yield [raw[at] as string, raw[at + 1] as string];
}

/** Each value through `change`; undefined leaves it as it is, null takes the header out. */
export function mapHeaders(raw: RawHeaders, change: (name: string, value: string) => string | null | undefined): string[] {
  const mapped: string[] = [];
  for (const [name, value] of pairsOf(raw)) {
    const changed = change(name.toLowerCase(), value);
    if (changed !== null) mapped.push(name, changed ?? value);
  }
  return mapped;
}
