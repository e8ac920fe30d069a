/**
 * What V8 made of a bundle, kept beside the private copy of it (`arming.v24.21.0-x64.code`), so that a start compiles
 * nothing. V8 refuses what another version or other flags made, but looks at nothing else: a flipped bit, and a text of
 * which it was not made, would be a crash. So the file holds its text and its code, and both twice.
 */
import { readPrivate, statusOf } from './small-file.ts';

export interface KeptCode {
  /** The bundle within the function of `headOf`. */
  readonly text: string;
  readonly code: Buffer;
}

/** Of the two numbers: the bytes of text and code. */
const HEADER = /^swarmscope code 1 (\d+) (\d+) *\n$/;
const HEADER_BYTES = 64;
/** The largest has 0.4 MB; protects from a huge file in its place. */
const MAX_BYTES = 4_194_304;

export const codeFileOf = (bundle: string): string => `${bundle.slice(0, -'.cjs'.length)}.${process.version}-${process.arch}.code`;

/** How the function around a bundle begins; it ends with `TAIL`. */
export const headOf = (parameters: readonly string[]): string => `(function(${parameters.join(',')}){`;
export const TAIL = '\n})';

/** The bytes of the file. */
export function keptCode({ text, code }: KeptCode): Buffer {
  const body = Buffer.concat([Buffer.from(text), code]);
  const header = `swarmscope code 1 ${body.length - code.length} ${code.length}`.padEnd(HEADER_BYTES - 1);
  return Buffer.concat([Buffer.from(`${header}\n`), body, body]);
}

/** undefined: there is none, it is not whole, or somebody else can write it. Never throws. */
export function readKeptCode(bundle: string): KeptCode | undefined {
  const path = codeFileOf(bundle);
  // Most have none: to be told so by an error of `open` would cost more than this.
  const bytes = statusOf(path)?.isFile() === true ? readPrivate(path, MAX_BYTES) : undefined;
  return bytes === undefined ? undefined : parsed(bytes);
}

function parsed(bytes: Buffer): KeptCode | undefined {
  const header = HEADER.exec(bytes.toString('latin1', 0, HEADER_BYTES));
  if (header === null) return undefined;
  const [textBytes, codeBytes] = [Number(header[1]), Number(header[2])];
  const half = textBytes + codeBytes;
  if (bytes.length !== HEADER_BYTES + 2 * half) return undefined;
  const body = bytes.subarray(HEADER_BYTES, HEADER_BYTES + half);
  if (!body.equals(bytes.subarray(HEADER_BYTES + half))) return undefined;
  return { text: body.toString('utf8', 0, textBytes), code: body.subarray(textBytes) };
}
