// Every byte as it came: each exchange is made over raw connections, directly and through the gateway, and both sides are compared.
import { gzipSync, brotliCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { createWitness } from '../../src/gateway/witness.ts';
import { startProxy, startRaw, talk, until, upstreamAt, type Seen } from './wire.ts';

interface Case {
  /** Head lines without `Host`, then what follows the empty line. `@` stands for the path. */
  readonly request: readonly string[];
  readonly body?: readonly string[];
  /** What the provider sends, piece by piece, once it has the whole request. */
  readonly answer: readonly string[];
  /** What it does with the connection afterwards. Default: keeps it open. */
  readonly after?: 'end' | 'reset';
  /** It sends this at the head of the request, before the body. */
  readonly early?: string;
}

const json = '{"id":"chatcmpl-1","model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}';
const plain = (body: string, ...more: string[]): string =>
  ['HTTP/1.1 200 OK', 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body, 'latin1')}`, ...more, '', body].join(
    '\r\n',
  );
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const stream = (...more: string[]): string =>
  ['HTTP/1.1 200 OK', 'content-type: text/event-stream; charset=utf-8', 'Transfer-Encoding: chunked', ...more, '', ''].join('\r\n');
const event = (text: string): string => `data: {"choices":[{"delta":{"content":"${text}"}}]}\n\n`;
const POST = ['POST @ HTTP/1.1', 'Content-Type: application/json'];
const ask = '{"model":"gpt-4o-mini","messages":[]}';
const sized = (body: string): Pick<Case, 'request' | 'body'> => ({ request: [...POST, `Content-Length: ${body.length}`], body: [body] });
const latin1 = (bytes: Buffer): string => bytes.toString('latin1');
const gzipped = latin1(gzipSync(json));
const brotli = latin1(brotliCompressSync(json));

const CASES: Readonly<Record<string, Case>> = {
  'an answer in one piece': { ...sized(ask), answer: [plain(json)] },
  'heads with odd case, order and repeated fields': {
    request: [
      'POST @?a=b&c=%20d HTTP/1.1',
      'X-ODD: 1',
      'x-twice: a',
      'X-Twice: b',
      'content-LENGTH: 2',
      'User-Agent: Me/1',
      'Connection: keep-alive',
    ],
    body: ['{}'],
    answer: [
      plain(
        '{}',
        'Set-Cookie: a=1',
        'set-COOKIE: b=2',
        'X-Empty: ',
        'Date: Mon, 01 Jan 2024 00:00:00 GMT',
        'Connection: keep-alive',
        'Keep-Alive: timeout=5',
      ),
    ],
  },
  'a reason of its own': { ...sized(ask), answer: ['HTTP/1.1 529 Site is overloaded\r\nRetry-After: 3\r\nContent-Length: 2\r\n\r\n{}'] },
  'a refusal with all it says': {
    ...sized(ask),
    answer: ['HTTP/1.1 429 Too Many Requests\r\nretry-after: 20\r\nx-ratelimit-remaining-tokens: 0\r\ncontent-length: 2\r\n\r\n{}'],
  },
  'a stream of events': { ...sized(ask), answer: [stream(), chunk(event('a')), chunk(event('b')), chunk('data: [DONE]\n\n'), '0\r\n\r\n'] },
  'a stream with CRLF and comments': { ...sized(ask), answer: [stream(), chunk(': ping\r\n\r\n'), chunk('data: {}\r\n\r\n'), '0\r\n\r\n'] },
  'a stream byte by byte': { ...sized(ask), answer: [stream(), ...[...event('a')].map(chunk), '0\r\n\r\n'] },
  'a character cut in two': { ...sized(ask), answer: [stream(), chunk('data: "\u00c3'), chunk('\u00a9"\n\n'), '0\r\n\r\n'] },
  trailers: { ...sized(ask), answer: [stream('Trailer: X-Sum'), chunk(event('a')), '0\r\nX-Sum: 1\r\n\r\n'] },
  gzip: { ...sized(ask), answer: [plain(gzipped, 'Content-Encoding: gzip')] },
  'gzip in pieces': {
    ...sized(ask),
    answer: [stream('Content-Encoding: gzip'), chunk(gzipped.slice(0, 9)), chunk(gzipped.slice(9)), '0\r\n\r\n'],
  },
  br: { ...sized(ask), answer: [plain(brotli, 'Content-Encoding: br')] },
  'half a JSON': { ...sized(ask), answer: [plain(json.slice(0, 40))] },
  'no body': { ...sized(ask), answer: ['HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n'] },
  HEAD: { request: ['HEAD @ HTTP/1.1', 'Accept: */*'], answer: ['HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n'] },
  GET: { request: ['GET @ HTTP/1.1', 'Accept: */*'], answer: [plain(json)] },
  DELETE: { request: ['DELETE @ HTTP/1.1', 'Accept: */*', 'Content-Length: 2'], body: ['{}'], answer: [plain(json)] },
  'an upload in chunks': {
    request: [...POST, 'Transfer-Encoding: chunked'],
    body: [chunk(ask.slice(0, 9)), chunk(ask.slice(9)), '0\r\n\r\n'],
    answer: [plain(json)],
  },
  'Expect: 100-continue': {
    request: [...POST, `Content-Length: ${ask.length}`, 'Expect: 100-continue'],
    early: 'HTTP/1.1 100 Continue\r\n\r\n',
    body: [ask],
    answer: [plain(json)],
  },
  'an upload that is refused before it was sent': {
    request: [...POST, 'Content-Length: 1000000', 'Expect: 100-continue'],
    early: 'HTTP/1.1 413 Payload Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
    answer: [],
    after: 'end',
  },
  'an answer that ends with its connection': {
    ...sized(ask),
    answer: ['HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n', 'abc'],
    after: 'end',
  },
  'Connection: close': { ...sized(ask), answer: [plain(json, 'Connection: close')], after: 'end' },
  'a stream that is cut': { ...sized(ask), answer: [stream(), chunk(event('a'))], after: 'end' },
  'a stream that is reset': { ...sized(ask), answer: [stream(), chunk(event('a'))], after: 'reset' },
  'a body that is cut': { ...sized(ask), answer: [plain(json).slice(0, -20)], after: 'end' },
  'a head that is cut': { ...sized(ask), answer: ['HTTP/1.1 200 OK\r\nContent-'], after: 'end' },
  'no answer': { ...sized(ask), answer: [], after: 'end' },
  'a reset in place of an answer': { ...sized(ask), answer: [], after: 'reset' },
};

/** As one text, with what differs by the place alone made equal. */
const toText = ({ bytes, ending }: Seen): string => `${bytes}<${ending}>`;

test.each(Object.keys(CASES))('%s', async (name) => {
  const { request, body = [], answer, after, early } = CASES[name] as Case;
  const whole = body.join('');
  const told = new WeakSet<object>();
  const begun = new WeakSet<object>();
  const provider = await startRaw((socket, soFar) => {
    const end = soFar.indexOf('\r\n\r\n');
    if (end === -1) return;
    if (early !== undefined && !begun.has(socket)) {
      begun.add(socket);
      socket.write(early, 'latin1');
    }
    if (told.has(socket) || soFar.length < end + 4 + whole.length) return;
    told.add(socket);
    const send = (at: number): void => {
      const piece = answer[at];
      if (piece !== undefined) {
        socket.write(piece, 'latin1');
        setTimeout(() => send(at + 1), 15);
      } else if (after === 'end') socket.end();
      else if (after === 'reset') socket.resetAndDestroy();
    };
    setTimeout(() => send(0), 15);
  });
  const faults: unknown[] = [];
  const read: string[] = [];
  const reader = {
    quietSince: undefined,
    requestBody: () => undefined,
    requestEnd: () => undefined,
    requestUnreadable: () => undefined,
    responseHead: () => true,
    responseChunk: (bytes: Uint8Array) => void read.push(Buffer.from(bytes).toString('latin1')),
    responseUnreadable: () => undefined,
    end: () => void read.push('<end>'),
    error: () => void read.push('<error>'),
    cut: () => undefined,
    lost: () => undefined,
  };
  const proxy = await startProxy(upstreamAt(provider.port), {
    witness: () => createWitness({ reader: reader as never, encoding: undefined, onFault: (error) => faults.push(error) }),
  });
  const head = (path: string, host: string): string =>
    [...request.map((line) => line.replace('@', path)), `Host: ${host}`, '', ''].join('\r\n');
  const expectedBytes = (early ?? '') + answer.join('');
  const isEnough = (bytes: string): boolean => after === undefined && bytes.length >= expectedBytes.length;
  const authority = `127.0.0.1:${provider.port}`;
  const direct = await talk(provider.port, [head('/v1/chat/completions', authority), ...body], isEnough);
  const through = await talk(proxy.port, [head('/word/up/v1/chat/completions', `127.0.0.1:${proxy.port}`), ...body], isEnough);
  expect(toText(direct)).toContain(expectedBytes.slice(0, name === 'a head that is cut' ? 8 : undefined));
  // Nobody can hand on half a head.
  if (name === 'a head that is cut') expect(toText(through)).toBe('<end>');
  else expect(toText(through)).toBe(toText(direct));
  expect(provider.received[1]).toBe(provider.received[0]);
  expect(faults).toEqual([]);
  if (!name.startsWith('gzip') && name !== 'br') return;
  await until(() => read.length > 1, 'the answer is read');
  expect(read).toEqual([json, '<end>']);
});
