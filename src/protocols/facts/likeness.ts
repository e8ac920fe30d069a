/** A number by which a request that is sent again is known. It never leaves the process. */

/**
 * Characters looked at of a body: those at its end, where the newest message often stands, and samples of the rest, two in a row:
 * all of a body of 12 KB, since the requests of a swarm often differ in a name or a number alone.
 */
const TAIL_CHARACTERS = 4_096;
const SAMPLES = 4_096;
/** From here on samples are far apart, however many there are, and each costs a look into memory that nobody has looked at. */
const LONG_CHARACTERS = 64 * 1024;
const SAMPLES_OF_LONG = 256;

/** Looked up once: `Math` of a `vm` context, such as a test runner's, costs 100 ns at each look. */
const { imul } = Math;

const MODEL = /"model"\s*:\s*"[^"\\]{1,200}"/;

/** Longest text that is held until somebody asks; of a longer one the samples are taken at once. */
const MAX_HELD_CHARACTERS = 16 * 1024;

/** A body, one character per byte. */
export interface Characters {
  readonly length: number;
  charCodeAt(at: number): number;
}

/** Where a body names its model. */
export interface Named {
  readonly index: number;
  readonly length: number;
}

/** `from` is where `text` begins in its body. */
export function modelIn(text: string, from = 0): Named | undefined {
  const found = MODEL.exec(text);
  return found === null ? undefined : { index: from + found.index, length: found[0].length };
}

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
  return likenessBeside(body, modelIn(body));
}

/** The same where it is known where the model is named. */
export function likenessBeside(body: Characters, model: Named | undefined): number {
  const skipFrom = model?.index ?? body.length;
  const skipped = model?.length ?? 0;
  const length = body.length - skipped;
  const tail = Math.max(0, length - TAIL_CHARACTERS);
  const step = Math.max(2, Math.ceil(tail / (length > LONG_CHARACTERS ? SAMPLES_OF_LONG : SAMPLES)));
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
