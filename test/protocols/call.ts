/** Sends the bytes of one call through the reader, as a hook or a proxy does, and gives what it told. */
import { ExchangeReader } from '../../src/protocols/exchange.ts';
import type { Protocol, RequestFacts } from '../../src/protocols/protocol.ts';
import { recognise, type Recognised } from '../../src/protocols/recognition.ts';
import type { LlmAnswer, LlmHead } from '../../src/semconv/telemetry.ts';

export interface Call {
  /** Where it goes, `GET` before it if it is one: `/v1/messages/count_tokens`. Default: the first operation of the protocol. */
  readonly path?: string;
  /** The body as JSON. */
  readonly request?: unknown;
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A body as JSON, or the text or the bytes of a stream of events. */
  readonly answer: unknown;
}

export interface Told {
  head: LlmHead | undefined;
  /** All but `likeness`. */
  request: RequestFacts | undefined;
  /** By what the request is known when it is sent again. */
  likeness: number | undefined;
  answer: (LlmAnswer & LlmHead) | undefined;
  toolCallIds: readonly string[];
  unread: string[];
}

export interface Manner {
  readonly isContentCaptured?: boolean;
  /** How the network cuts a body. Default: not at all. */
  readonly cut?: (body: Buffer) => readonly Buffer[];
  /** What the connection fails with. Default: it ends in good order. */
  readonly failure?: unknown;
  /** The process ends before the answer does. */
  readonly isCut?: boolean;
}

export function readCall(
  protocol: Protocol,
  call: Call,
  { isContentCaptured = false, cut = (body) => [body], failure, isCut = false }: Manner = {},
): Told {
  const told: Told = { head: undefined, request: undefined, likeness: undefined, answer: undefined, toolCallIds: [], unread: [] };
  const isStream = typeof call.answer === 'string' || Buffer.isBuffer(call.answer);
  const headers = { 'content-type': isStream ? 'text/event-stream' : 'application/json', ...call.headers };
  const reader = new ExchangeReader({
    recognised: recognisedOf(protocol, call.path),
    isUnsure: false,
    isContentCaptured,
    request: { header: (name) => call.requestHeaders?.[name] },
    startTime: 1_000,
    clock: { now: () => 3_000 },
    onRequest({ likeness, ...facts }) {
      told.request = facts;
      told.likeness = likeness?.();
    },
    onHead: ({ statusCode, rateLimits }) => void (told.head = { statusCode, rateLimits }),
    onEnd(answer, toolCallIds) {
      // What the body tells of limits comes beside what the head told.
      const rateLimits = answer.rateLimits ?? told.head?.rateLimits;
      Object.assign(told, { answer: { ...told.head, ...answer, rateLimits }, toolCallIds });
    },
    onUnread: (what) => void told.unread.push(what),
  });
  if (call.request !== undefined) for (const chunk of cut(bytesOf(call.request))) reader.requestBody(chunk);
  reader.requestEnd();
  reader.responseHead({ status: call.status ?? 200, header: (name) => (headers as Readonly<Record<string, string>>)[name] });
  for (const chunk of cut(bytesOf(call.answer))) reader.responseChunk(chunk);
  if (isCut) reader.cut('process_exit');
  else if (failure === undefined) reader.end(0);
  else reader.error(failure, 0);
  return told;
}

export function recognisedOf(protocol: Protocol, address: string | undefined): Recognised {
  const [operation] = protocol.operations;
  if (operation === undefined) throw new Error('a protocol without an operation');
  if (address === undefined) return { protocol, operation, model: undefined };
  const [method = '', path = ''] = address.startsWith('/') ? ['POST', address] : address.split(' ');
  const recognised = recognise({ method, path });
  if (recognised?.protocol !== protocol) throw new Error(`${address} is no call of ${protocol.calls}`);
  return recognised;
}

export function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
