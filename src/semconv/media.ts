/** Inline media in captured content: what stays is its type, its size and its keyed hash. Pure but for the key of the hash. */

export type Digest = (content: unknown) => string | undefined;

/** Of whoever reads content at the moment; readers of protocols are many, and know no key. */
let current: Digest = () => undefined;

/** Media that are met while `read` runs get hashes by `digest`. */
export function withDigest<T>(digest: Digest | undefined, read: () => T): T {
  if (digest === undefined) return read();
  const before = current;
  current = digest;
  try {
    return read();
  } finally {
    current = before;
  }
}

export interface BlobPart {
  readonly type: 'blob';
  readonly modality: string;
  readonly mime_type?: string;
  /** Stands for the bytes, which never leave. */
  readonly content: string;
  readonly byte_size?: number;
  readonly hash?: string;
}

/** `data`: base64, where it is known. @example blobPart('image', 'image/png', 'iVBORw0…') */
export function blobPart(modality: string | undefined, mimeType: unknown, data: unknown): BlobPart {
  const type = typeof mimeType === 'string' && mimeType !== '' ? mimeType.slice(0, 128) : undefined;
  const isText = typeof data === 'string' && data !== '';
  const hash = isText ? current(data) : undefined;
  return {
    type: 'blob',
    modality: modality ?? type?.split('/')[0] ?? 'unknown',
    ...(type === undefined ? undefined : { mime_type: type }),
    content: '[removed]',
    ...(isText ? { byte_size: base64Bytes(data) } : undefined),
    ...(hash === undefined ? undefined : { hash }),
  };
}

/** Base64, bare or as a `data:` URL. */
export function filePart(modality: string, data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'string' && /^data:/i.test(data) ? uriPart(modality, data) : { ...blobPart(modality, undefined, data) };
}

/** A part that names where its data lie: an address, or a `data:` URL, which holds them. */
export function uriPart(modality: string, uri: unknown): Readonly<Record<string, unknown>> {
  if (typeof uri !== 'string' || !/^data:/i.test(uri)) return { type: 'uri', modality, uri };
  const comma = uri.slice(0, 512).indexOf(',');
  const type = /^data:([\w.+-]+\/[\w.+-]+)/i.exec(uri.slice(0, 256))?.[1];
  return { ...blobPart(modality, type, comma === -1 ? '' : uri.slice(comma + 1)) };
}

/** A run of base64 that is longer is taken for data: no word, path or id is as long. */
const MIN_BASE64 = 512;
const DATA_URL = /data:([\w.+-]{1,64}\/[\w.+-]{1,64})?((?:;[\w-]{1,32}=[\w.+-]{0,64}){0,4})(;base64)?,([A-Za-z0-9+/_=%.~-]*)/g;
const BASE64 = new RegExp(`[A-Za-z0-9+/_-]{${MIN_BASE64},}={0,2}`, 'g');
/** By character code: what `BASE64` repeats. */
const IS_BASE64 = Uint8Array.from({ length: 128 }, (_, code) => Number(/[A-Za-z0-9+/_-]/.test(String.fromCharCode(code))));

/** @example `[image/png, 67 bytes, 0123456789abcdef]` stands for `data:image/png;base64,…`. */
export function withoutMedia(text: string, digest: Digest = current): string {
  if (text.length < MIN_BASE64 && !text.includes('data:')) return text;
  const noUrls = text.includes('data:')
    ? text.replace(DATA_URL, (whole, type: string | undefined, _more: string, isBase64: string | undefined, data: string) =>
        isBase64 === undefined && data.length < MIN_BASE64 ? whole : noteOf(type ?? 'text/plain', data, isBase64 !== undefined, digest),
      )
    : text;
  return !hasLongRun(noUrls) ? noUrls : noUrls.replace(BASE64, (data) => (isData(data) ? noteOf(typeOf(data), data, true, digest) : data));
}

/**
 * Whether `BASE64` finds anything. A run is looked for at where it would end: of prose one character in five hundred is read, where the
 * expression begins anew at each of them.
 */
function hasLongRun(text: string): boolean {
  for (let from = 0; from + MIN_BASE64 <= text.length;) {
    let at = from + MIN_BASE64 - 1;
    while (at >= from && IS_BASE64[text.charCodeAt(at)] === 1) at -= 1;
    if (at < from) return true;
    from = at + 1;
  }
  return false;
}

function noteOf(type: string, data: string, isBase64: boolean, digest: Digest): string {
  const bytes = isBase64 ? base64Bytes(data) : data.length;
  const hash = digest(data);
  return `[${type}, ${bytes} bytes${hash === undefined ? '' : `, ${hash}`}]`;
}

/** Bytes that `data` stands for. */
function base64Bytes(data: string): number {
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return Math.floor(((data.length - padding) * 3) / 4);
}

/** Both cases and digits among its first characters: `xxxx…` and a long line of dashes are none. */
function isData(text: string): boolean {
  const start = text.slice(0, MIN_BASE64);
  return /[a-z]/.test(start) && /[A-Z]/.test(start) && /\d/.test(start);
}

/** By how files of a kind begin, in base64. */
const BEGINNINGS: readonly (readonly [beginning: string, type: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
  ['JVBERi0', 'application/pdf'],
  ['UEsDB', 'application/zip'],
  ['SUQz', 'audio/mpeg'],
  ['T2dnUw', 'audio/ogg'],
];

function typeOf(data: string): string {
  return BEGINNINGS.find(([beginning]) => data.startsWith(beginning))?.[1] ?? 'application/octet-stream';
}
