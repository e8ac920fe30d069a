/** Reads a request's body within bounds, unpacked if it came gzipped. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Most bytes of one request as sent; a batch of 10,000 spans has about 8 MB. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Most bytes after unpacking. */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** Telemetry packs 10 to 30 times, repeated spans up to 150; a bomb packs 1,000 times. Small bodies may. */
export const MAX_RATIO = 400;
const RATIO_FREE_BYTES = 1024 * 1024;

const unpackGzip = promisify(gunzip);

export type BodyProblem = 'too-large' | 'cut' | 'bad-gzip' | 'unpacked-too-large';

/** The bytes as sent, or why not. */
export function readBody(request: IncomingMessage): Promise<Buffer | BodyProblem> {
  return new Promise((resolve) => {
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return resolve('too-large');
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) resolve('too-large');
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => resolve('cut'));
    request.on('close', () => resolve('cut'));
  });
}

export async function unpack(body: Buffer): Promise<Buffer | BodyProblem> {
  const limit = Math.min(MAX_UNPACKED_BYTES, Math.max(RATIO_FREE_BYTES, body.length * MAX_RATIO));
  try {
    return await unpackGzip(body, { maxOutputLength: limit });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'unpacked-too-large' : 'bad-gzip';
  }
}
