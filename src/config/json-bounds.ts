/** Whether JSON is small enough to be parsed: some brackets deep, or full of tiny values, it needs fifty times its bytes. */

export interface JsonBounds {
  /** Brackets within each other. */
  readonly depth: number;
  /** Members of lists and objects. */
  readonly members: number;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Whether the text is JSON at all is not looked at. */
export function isWithin(bytes: Uint8Array, bounds: JsonBounds): boolean {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      members++;
      if (++depth > bounds.depth) return false;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    else if (byte === COMMA) members++;
  }
  return members <= bounds.members;
}
