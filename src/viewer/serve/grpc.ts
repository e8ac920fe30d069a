/** What gRPC puts around a message: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import { Refused } from './refused.ts';

/** A byte that says whether the message is compressed, and its length in four. */
export const FRAME_HEAD_BYTES = 5;
export const GRPC_TYPE = 'application/grpc';

/** OTLP is sent as protobuf alone: `application/grpc+json` is something else. */
export function isGrpcType(contentType = ''): boolean {
  return /^application\/grpc(?:\+proto)?(?:;|$)/i.test(contentType.trim());
}

/** The one message of a unary call. @throws Refused */
export function messageIn(body: Buffer, headers: IncomingHttpHeaders): { message: Buffer; encoding: 'gzip' | undefined } {
  const flag = body[0];
  if (body.length < FRAME_HEAD_BYTES || body.length !== FRAME_HEAD_BYTES + body.readUInt32BE(1))
    throw new Refused(400, 'The body is not one whole message of gRPC.');
  const message = body.subarray(FRAME_HEAD_BYTES);
  if (flag === 0) return { message, encoding: undefined };
  if (flag !== 1) throw new Refused(400, 'The message begins with an unknown flag.');
  const encoding = headers['grpc-encoding'];
  if (encoding !== 'gzip') throw new Refused(415, 'Only gzip compression is understood.');
  return { message, encoding };
}

export function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

// https://github.com/grpc/grpc/blob/master/doc/statuscodes.md. A sender of OTLP tries 14 again, and 8 never without a RetryInfo.
const STATUS: Readonly<Record<number, number>> = {
  200: 0,
  400: 3,
  401: 16,
  403: 7,
  404: 12,
  405: 12,
  408: 4,
  413: 8,
  415: 12,
  500: 13,
  503: 14,
};
const UNKNOWN = 2;

/** The `grpc-status` for an answer of HTTP. */
export const grpcStatusOf = (status: number): number => STATUS[status] ?? UNKNOWN;

/** @example grpcMessageOf('100 %') // '100 %25' */
export function grpcMessageOf(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** Of `grpc-timeout`, in milliseconds; undefined without one that can be read. @example timeoutIn('10S') // 10_000 */
export function timeoutIn(text: string | undefined): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNIT_MS[unit] ?? 0);
}
