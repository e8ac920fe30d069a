/** How much the environment of a child may grow: beyond the system's limits it would not start (`E2BIG`). */
import { readSmall } from '../../config/small-file.ts';

/** Lengths up to this sum fit everywhere, three bytes a character and our variables included. */
const SMALL = 30_000;
/** Bytes of one `NAME=value`, its closing zero included: 32 pages on Linux, the longest block on Windows. */
const MAX_STRING_BYTES = process.platform === 'win32' ? 32_767 : 131_072;
/** All strings and the pointers to them: what Linux allows at least, and what macOS allows. */
const LEAST_TOTAL_BYTES = process.platform === 'darwin' ? 1_048_576 : 131_072;
/** Linux gives a quarter of the stack, and no more than this: `fs/exec.c`. */
const MOST_TOTAL_BYTES = 6_291_456;
const POINTER_BYTES = 8;
/** Left free: the path of the program, the interpreter of a script, and what a shell adds for its own children. */
const SPARE_BYTES = 8_192;

/** Those of `added`, most important first, that fit beside what the child is given. */
export function thatFit(
  added: Readonly<Record<string, string>>,
  given: { readonly environment: Readonly<Record<string, string>>; readonly words: readonly string[] },
  maxBytes: number = totalLimit(),
): Record<string, string> {
  const { environment, words } = given;
  const pairs = Object.entries(environment);
  const length = (sum: number, text: string): number => sum + text.length;
  if (words.reduce(length, 0) + pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0) <= SMALL) return { ...added };
  let left = maxBytes - SPARE_BYTES - words.reduce((sum, word) => sum + bytesOf(word), 0);
  for (const [name, value] of pairs) left -= bytesOf(name) + bytesOf(value);
  const fitting: Record<string, string> = {};
  for (const [name, value] of Object.entries(added)) {
    const old = environment[name];
    const growth = bytesOf(value) + (old === undefined ? bytesOf(name) : -bytesOf(old));
    const isLong = Buffer.byteLength(name) + Buffer.byteLength(value) + 2 > MAX_STRING_BYTES;
    // What makes it shorter always fits.
    if (isLong || (growth > left && growth > 0)) continue;
    fitting[name] = value;
    left -= growth;
  }
  return fitting;
}

const bytesOf = (text: string): number => Buffer.byteLength(text) + 1 + POINTER_BYTES;

let knownLimit: number | undefined;

function totalLimit(): number {
  knownLimit ??= Math.max(LEAST_TOTAL_BYTES, Math.min(stackBytes() / 4, MOST_TOTAL_BYTES));
  return knownLimit;
}

function stackBytes(): number {
  // Not Linux: the least is taken.
  const soft = /^Max stack size\s+(\S+)/m.exec(readSmall('/proc/self/limits')?.text ?? '')?.[1];
  return soft === 'unlimited' ? Infinity : Number(soft ?? 0);
}
