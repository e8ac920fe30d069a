/** A number by which a request that is sent again is known. It never leaves the process. */

/**
 * Characters looked at of a body: those at its end, where the newest message often stands, and samples of the rest, two in a row:
 * all of a body of 12 KB, since the requests of a swarm often differ in a name or a number alone.
 */
const TAIL_CHARACTERS = 4_096;
const SAMPLES = 4_096;

/** Looked up once: `Math` of a `vm` context, such as a test runner's, costs 100 ns at each look. */
const { imul } = Math;

const MODEL = /"model"\s*:\s*"[^"\\]{1,200}"/;

/** Longest text that is held until somebody asks; of a longer one the samples are taken at once. */
const MAX_HELD_CHARACTERS = 16 * 1024;

/** {@link likenessOf}, reckoned when it is asked for: only a call that failed is compared with others. */
export function likenessLater(body: string): () => number {
  let likeness = body.length > MAX_HELD_CHARACTERS ? likenessOf(body) : undefined;
  let held: string | undefined = likeness === undefined ? body : undefined;
  return () => {
    likeness ??= likenessOf(held ?? '');
    held = undefined;
    return likeness;
  };
}

/** Equal for equal bodies, whatever model they name: a call that is refused may be repeated with another one. */
export function likenessOf(body: string): number {
  const model = MODEL.exec(body);
  const skipFrom = model?.index ?? body.length;
  const skipped = model?.[0].length ?? 0;
  const length = body.length - skipped;
  const tail = Math.max(0, length - TAIL_CHARACTERS);
  const step = Math.max(2, Math.ceil(tail / SAMPLES));
  let one = length | 0;
  let two = 0x1b873593;
  for (let at = 0; at < length; at += at < tail ? step : 2) {
    // A body without its model would be a copy, which costs more than all the rest.
    const place = at < skipFrom ? at : at + skipped;
    const next = at + 1 < skipFrom ? at + 1 : at + 1 + skipped;
    const pair = body.charCodeAt(place) | (body.charCodeAt(next) << 16);
    one = imul(one ^ pair, 0x01000193);
    two = imul(two, 31) + (pair ^ (one >>> 15));
  }
  return (one >>> 0) * 0x200000 + (two >>> 11);
}
