// Distinctive words that must not leave, and every encoding in which one could.
import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Distinct, random, one word of letters and digits: it keeps its shape in file names, JSON, URLs and shell lines. */
export type Canaries<Place extends string> = Readonly<Record<Place, string>>;

export function hatch<const Place extends string>(places: readonly Place[]): Canaries<Place> {
  const birds = places.map((place) => [place, `cnry${place.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}x${randomBytes(6).toString('hex')}`]);
  return Object.fromEntries(birds) as Canaries<Place>;
}

const HASHES = ['md5', 'sha1', 'sha256', 'sha512'] as const;
/** A hash that was cut is still one; twelve hex digits do not come by chance. */
const HASH_DIGITS = 12;

/** Name of the disguise and the text to look for, in bytes read as latin1. */
export function disguises(word: string): readonly (readonly [string, string])[] {
  const bytes = Buffer.from(word);
  const hex = bytes.toString('hex');
  const upper = word.toUpperCase();
  return [
    ['plain', word],
    ['upper case', upper],
    ['reversed', [...word].reverse().join('')],
    ['hex', hex],
    ['HEX', hex.toUpperCase()],
    ['hex with spaces', (hex.match(/../g) ?? []).join(' ')],
    ['percent-encoded', percent(hex)],
    ['Percent-encoded', percent(hex.toUpperCase())],
    ['JSON escapes', [...word].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
    ['UTF-16LE', Buffer.from(word, 'utf16le').toString('latin1')],
    ['UTF-16BE', Buffer.from(word, 'utf16le').swap16().toString('latin1')],
    ['list of codes', [...bytes].join(',')],
    ...[0, 1, 2].map((before): [string, string] => [`base64 at ${before}`, innerBase64(bytes, before)]),
    ...HASHES.flatMap((name): [string, string][] => {
      const hash = createHash(name).update(word).digest();
      return [
        [`${name} in hex`, hash.toString('hex').slice(0, HASH_DIGITS)],
        [`${name} in HEX`, hash.toString('hex').toUpperCase().slice(0, HASH_DIGITS)],
        [`${name} in base64`, hash.toString('base64').slice(0, HASH_DIGITS)],
        [`${name} in base64url`, hash.toString('base64url').slice(0, HASH_DIGITS)],
        [`${name} raw`, hash.toString('latin1').slice(0, HASH_DIGITS)],
      ];
    }),
  ];
}

function percent(hex: string): string {
  return hex.replaceAll(/../g, '%$&');
}

/**
 * The letters that are the same whatever stands before and after the word. Letters and digits alone never need `+` or
 * `/`... both alphabets agree where they do not occur.
 */
function innerBase64(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replaceAll('=', '');
  return text.slice(before === 0 ? 0 : before + 1, -2);
}

/** Something that left, or lies on disk. */
export interface Exhibit {
  readonly from: string;
  readonly bytes: Buffer;
}

/** `where: place as disguise`, one line per find; empty when all stayed in. Looks into gzip and deflate, too. */
export function escaped(canaries: Readonly<Record<string, string>>, exhibits: readonly Exhibit[]): string[] {
  const needles = Object.entries(canaries).flatMap(([place, word]) => disguises(word).map(([how, text]) => ({ place, how, text })));
  return exhibits.flatMap(({ from, bytes }) =>
    [bytes, ...unpacked(bytes)].flatMap((part, index) => {
      const text = part.toString('latin1');
      return needles
        .filter((needle) => text.includes(needle.text))
        .map(({ place, how, text: found }) => `${from}${index === 0 ? '' : ' (unpacked)'}: ${place} as ${how}: ${around(text, found)}`);
    }),
  );
}

function around(text: string, found: string): string {
  const at = text.indexOf(found);
  return text.slice(Math.max(0, at - 80), at + found.length + 40).replaceAll(/[^\x20-\x7e]+/g, '·');
}

const MAX_STREAMS = 50;

/** Every stream in the bytes that some form of zlib can open. */
function unpacked(bytes: Buffer): Buffer[] {
  const streams: Buffer[] = [];
  for (
    let at = bytes.indexOf('\x1f\x8b\x08', 0, 'latin1');
    at >= 0 && streams.length < MAX_STREAMS;
    at = bytes.indexOf('\x1f\x8b\x08', at + 1, 'latin1')
  )
    for (const open of [gunzipSync, inflateSync, inflateRawSync])
      try {
        streams.push(open(bytes.subarray(at), { finishFlush: 2 }));
      } catch {
        // These three bytes began no stream of this kind.
      }
  return streams;
}

/** Every file below `folder`, names included; `leaveOut` is asked about relative paths. */
export function filesBelow(folder: string, leaveOut: (path: string) => boolean = () => false): Exhibit[] {
  const found: Exhibit[] = [];
  const walk = (relative: string): void => {
    for (const name of readdirSync(join(folder, relative))) {
      const path = join(relative, name);
      if (leaveOut(path)) continue;
      found.push({ from: `name of ${path}`, bytes: Buffer.from(path) });
      const stat = lstatSync(join(folder, path));
      if (stat.isDirectory()) walk(path);
      else if (stat.isFile()) found.push({ from: path, bytes: readFileSync(join(folder, path)) });
    }
  };
  walk('');
  return found;
}
