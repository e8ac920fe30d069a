/** Ids of traces and spans: random, drawn many at once, since asking for sixteen characters costs as much as for two thousand. */
import { randomFillSync } from 'node:crypto';

const BYTES = 4_096;
const ZEROS = /^0+$/;
const bytes = Buffer.allocUnsafeSlow(BYTES);
let pool = '';
let at = 0;

/** `characters` of lower-case hexadecimal, never zeros alone. */
export function newId(characters: number): string {
  if (at + characters > pool.length) {
    pool = randomFillSync(bytes).toString('hex');
    at = 0;
  }
  const id = pool.slice(at, (at += characters));
  return id.startsWith('00000000') && ZEROS.test(id) ? newId(characters) : id;
}
