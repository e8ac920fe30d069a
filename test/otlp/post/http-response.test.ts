/** Responses byte by byte: what is whole, what more must come for, and what is read no further. */
import { expect, test } from '@jest/globals';
import { ResponseReader } from '../../../src/otlp/post/http-response.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const MiB = 1_048_576;

function read(text: string, pieceBytes = text.length): { status: number; body: string; isReusable: boolean } | undefined {
  const reader = new ResponseReader();
  for (let at = 0; at < text.length; at += pieceBytes) {
    const response = reader.push(Buffer.from(text.slice(at, at + pieceBytes)));
    if (response !== undefined) return { status: response.status, body: response.body.toString(), isReusable: response.isReusable };
  }
  return undefined;
}

test.each([
  { name: 'a length', text: `${OK}content-length: 4\r\n\r\nbody`, body: 'body' },
  { name: 'chunks', text: `${OK}transfer-encoding: chunked\r\n\r\n1\r\nb\r\n3;x=y\r\nody\r\n0\r\n\r\n`, body: 'body' },
  { name: 'trailers', text: `${OK}transfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nx-sum: 1\r\n\r\n`, body: 'body' },
  { name: 'no body', text: 'HTTP/1.1 204 No Content\r\n\r\n', body: '' },
  { name: 'interim answers', text: `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(3)}${OK}content-length: 4\r\n\r\nbody`, body: 'body' },
])('$name: the same in one piece and byte by byte', ({ text, body }) => {
  for (const pieceBytes of [text.length, 7, 1]) expect(read(text, pieceBytes)).toMatchObject({ body, isReusable: true });
});

test('what stands behind a response makes its connection unfit for another request', () => {
  expect(read(`${OK}content-length: 4\r\n\r\nbody!`)).toMatchObject({ body: 'body', isReusable: false });
  expect(read(`${OK}transfer-encoding: chunked\r\n\r\n0\r\n\r\n!`)).toMatchObject({ body: '', isReusable: false });
});

test('heads are read up to 64 KiB in all', () => {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\n';
  const rest = 65_536 - interim.length * 2_000 - OK.length - 'x-fill: '.length;
  const text = (fill: number): string => `${interim.repeat(2_000)}${OK}x-fill: ${'x'.repeat(fill)}\r\n\r\n`;
  const last = new ResponseReader();
  expect(last.push(Buffer.from(text(rest)))).toBeUndefined();
  expect(last.end()).toMatchObject({ status: 200 });
  expect(() => read(text(rest + 1))).toThrow('head too large');
  expect(() => read(interim.repeat(3_000), 1_000)).toThrow('head too large');
  expect(() => read(`${OK}${'x: y\r\n'.repeat(20_000)}`, 1_000)).toThrow('head too large');
});

test.each([
  { name: 'declared', text: (bytes: number) => `${OK}content-length: ${bytes}\r\n\r\n`, error: 'bad content-length' },
  { name: 'in one chunk', text: (bytes: number) => `${OK}transfer-encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n`, error: 'too large' },
])('a body $name of more than 1 MiB is not waited for', ({ text, error }) => {
  expect(read(text(MiB - 200))).toBeUndefined();
  expect(() => read(text(MiB + 1))).toThrow(error);
});

test.each(['-1', 'ten', '1e3', '', '99999999999999999999'])('"%s" is no content-length', (length) => {
  expect(() => read(`${OK}content-length: ${length}\r\n\r\nx`)).toThrow('bad content-length');
});

test('a body without a length ends with the connection, up to 1 MiB', () => {
  const head = `${OK}\r\n`;
  const reader = new ResponseReader();
  expect(reader.push(Buffer.from(head + 'x'.repeat(MiB - head.length)))).toBeUndefined();
  expect(reader.end()?.body).toHaveLength(MiB - head.length);
  expect(() => new ResponseReader().push(Buffer.from(head + 'x'.repeat(MiB - head.length + 1)))).toThrow('too large');
});

test('a size line without an end is not waited for', () => {
  expect(() => read(`${OK}transfer-encoding: chunked\r\n\r\n1;${'x'.repeat(1_025)}`)).toThrow('bad chunk size');
});
