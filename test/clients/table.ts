/** Which client makes which calls, on which Node: what the tests run, and what docs/llm.md shows. */

import { ENCODINGS, type Encoding } from './coded.ts';
import { FRAMINGS, type Framing } from './framings.ts';

/** What becomes of a call. */
export const FORMS = ['plain', 'stream', 'limited', 'moved', 'cut', 'refused', 'left', 'aborted', 'timeout', 'retried', 'several'] as const;
export type Form = (typeof FORMS)[number];

/** How the body of a request is given. The last four are compressed by the program. */
export const BODIES = [
  'string',
  'Buffer',
  'Uint8Array',
  'Blob',
  'URLSearchParams',
  'FormData',
  'ReadableStream',
  'Readable',
  'async-iterable',
  'gzip',
  'deflate',
  'br',
  'zstd',
] as const;
export type Body = (typeof BODIES)[number];

/** A stream in a framing and a content encoding: `lines.gzip`. */
export type Coded = `${Framing}.${Encoding}`;
const coded: readonly Coded[] = FRAMINGS.flatMap((framing) => ENCODINGS.map((encoding): Coded => `${framing}.${encoding}`));

export interface ClientRow {
  /** As `programs/clients.mjs` names it. */
  readonly client: string;
  /** As the page names it, in Markdown. */
  readonly title: string;
  readonly scheme: 'http' | 'tls' | 'http2';
  readonly forms: readonly Form[];
  readonly bodies: readonly Body[];
  /** Default: none. One client for each way in which bytes are heard has them all. */
  readonly coded?: readonly Coded[];
  /** The oldest Node on which its calls are seen; default: every one. */
  readonly from?: Readonly<Record<22 | 24, string>>;
  /** It aborts at `AbortSignal.timeout` without a reason: then the end is told as any abort. */
  readonly isTimeoutUntold?: boolean;
  /** The oldest Node on which it runs. */
  readonly runsFrom?: string;
}

const without = <Name extends string>(all: readonly Name[], ...names: readonly Name[]): Name[] =>
  all.filter((name) => !names.includes(name));

const calls = without(FORMS, 'moved', 'retried');
const followed = without(FORMS, 'retried');
const throughProxy = without(calls, 'cut', 'refused');
const bytes = without(BODIES, 'Blob', 'URLSearchParams', 'FormData');
const some: readonly Body[] = ['string', 'ReadableStream', 'zstd'];

/** Node tells of HTTP/2 from these on. */
const HTTP2 = { 22: '22.17.0', 24: '24.2.0' } as const;

function undici(major: 6 | 7 | 8): ClientRow[] {
  const name = `undici${major}`;
  const runs = major === 8 ? { runsFrom: '22.19.0' } : {};
  const row = (way: string, title: string, forms: readonly Form[], bodies: readonly Body[]): ClientRow => ({
    client: `${name}-${way}`,
    title: `\`undici\` ${major}: ${title}`,
    scheme: 'http',
    forms,
    bodies,
    ...(way === 'request' ? { coded } : {}),
    ...runs,
  });
  return [
    row('fetch', '`fetch`', followed, BODIES),
    row('request', '`request`', calls, without(BODIES, 'URLSearchParams')),
    row('stream', '`stream`', calls, without(BODIES, 'URLSearchParams')),
    row('pipeline', '`pipeline`', calls, bytes),
    row('dispatch', '`dispatch` with a handler', calls, without(bytes, 'async-iterable')),
    row('agent', '`Agent` with pipelining', calls, some),
    row('pool', '`Pool`', calls, some),
    row('client', '`Client`', calls, some),
    row('proxy', '`ProxyAgent`, absolute paths', throughProxy, some),
    row('tunnel', '`ProxyAgent`, `CONNECT`', throughProxy, some),
    row('env-proxy', '`EnvHttpProxyAgent`', throughProxy, some),
    row('retry-agent', '`RetryAgent`', ['plain', 'stream', 'left', 'aborted', 'retried'], ['string']),
    row('retry', 'interceptor `retry`', ['plain', 'stream', 'left', 'aborted', 'retried'], ['string']),
    row('redirect', 'interceptor `redirect`', followed, some),
    row('dns', 'interceptor `dns`', calls, some),
    ...(major === 6 ? [] : [row('decompress', 'interceptor `decompress`', calls, some), row('cache', 'interceptor `cache`', calls, some)]),
  ];
}

const handled: readonly Body[] = ['string', 'Buffer', 'Uint8Array', 'Readable', 'gzip', 'zstd'];

/** Clients that abort at `AbortSignal.timeout` without a reason. */
function untold(client: string, title: string, scheme: ClientRow['scheme'] = 'http') {
  return { client, title, scheme, isTimeoutUntold: true };
}

export const TABLE: readonly ClientRow[] = [
  { client: 'fetch', title: '`fetch`', scheme: 'http', forms: followed, bodies: BODIES, coded },
  ...undici(8),
  ...undici(7),
  ...undici(6),
  { client: 'node-http', title: '`node:http`', scheme: 'http', forms: calls, bodies: bytes, coded },
  { client: 'node-https', title: '`node:https`', scheme: 'tls', forms: calls, bodies: bytes },
  {
    client: 'node-http-proxy',
    title: '`node:http`, `Agent` with `proxyEnv`',
    scheme: 'http',
    forms: without(throughProxy, 'several'),
    bodies: bytes,
    runsFrom: '24.5.0',
  },
  { client: 'node-http2', title: '`node:http2`', scheme: 'http2', forms: without(calls, 'several'), bodies: bytes, coded, from: HTTP2 },
  { client: 'follow-redirects', title: '`follow-redirects` 1', scheme: 'http', forms: followed, bodies: bytes },
  { ...untold('axios', '`axios` 1'), coded, forms: followed, bodies: without(BODIES, 'ReadableStream', 'async-iterable') },
  { ...untold('axios-fetch', '`axios` 1, adapter `fetch`'), forms: followed, bodies: without(BODIES, 'FormData', 'async-iterable') },
  {
    ...untold('axios-http2', '`axios` 1, `httpVersion: 2`', 'http2'),
    forms: without(calls, 'cut'),
    bodies: without(BODIES, 'ReadableStream', 'async-iterable'),
    from: HTTP2,
  },
  {
    ...untold('got11', '`got` 11'),
    forms: without(followed, 'left'),
    bodies: without(bytes, 'Uint8Array', 'ReadableStream', 'async-iterable'),
  },
  { ...untold('got14', '`got` 14'), forms: without(followed, 'left'), bodies: without(BODIES, 'Blob', 'URLSearchParams') },
  { ...untold('got16', '`got` 16'), forms: without(followed, 'left'), bodies: without(BODIES, 'Blob', 'URLSearchParams') },
  { ...untold('got16-stream', '`got` 16, `stream`'), forms: followed, bodies: without(BODIES, 'Blob', 'URLSearchParams') },
  // What it hands out is another stream: to leave that closes nothing.
  {
    ...untold('node-fetch2', '`node-fetch` 2'),
    forms: without(followed, 'left'),
    bodies: ['string', 'Buffer', 'URLSearchParams', 'Readable', 'gzip', 'zstd'],
  },
  { ...untold('node-fetch3', '`node-fetch` 3'), forms: followed, bodies: without(BODIES, 'ReadableStream', 'async-iterable') },
  { client: 'ky', title: '`ky` 2', scheme: 'http', forms: followed, bodies: BODIES },
  { ...untold('superagent', '`superagent` 10'), forms: without(followed, 'left', 'timeout'), bodies: ['string'] },
  { ...untold('superagent-http2', '`superagent` 10, `http2()`', 'http2'), forms: ['plain', 'stream'], bodies: ['string'], from: HTTP2 },
  { ...untold('smithy', '`@smithy/node-http-handler` 4 (AWS)'), forms: calls, bodies: handled },
  {
    ...untold('smithy-http2', '`@smithy/node-http-handler` 4 (AWS), HTTP/2', 'http2'),
    forms: without(calls, 'cut'),
    bodies: handled,
    from: HTTP2,
  },
];
