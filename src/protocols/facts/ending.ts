/** How a call ended, by what happened to its connection; what the service told of a failure comes before it. */
import { asObject } from '../read/json.ts';
import { isAbort, isCollected, transportErrorType } from './error-type.ts';
import type { Headers } from './headers.ts';

/** `swarmscope.inference.ending`. */
export type Ending = 'complete' | 'error' | 'cut' | 'left' | 'aborted' | 'timeout' | 'process_exit';

export interface End {
  readonly ending: Ending;
  /** `error.type`, where it is a fault. */
  readonly fault: string | undefined;
}

export interface Broken {
  readonly error: unknown;
  readonly hasHead: boolean;
  /** A stream of output, which may be left early without a fault. */
  readonly isStream: boolean;
  readonly request: Headers;
  /** Since the request was sent. */
  readonly waitedMs: number;
}

/** The app gave up before it had an answer. */
const ABORTED = 'AbortError';
const TIMEOUT = 'timeout';
const TIMEOUT_ERROR = 'TimeoutError';

/**
 * The official SDKs start their clock before they send: by a millisecond on an idle machine, by 40 when the first call
 * of a process is made on a busy one. So much of the limit, and never more than so long, may be missing at its end.
 */
const LATE_SHARE = 0.1;
const LATE_MS = 500;
/** The default of the official SDKs. */
const UNTOLD_LIMIT_MS = 600_000;

/** Of undici, Node's sockets, got, axios and Node itself. */
const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'ECONNABORTED',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
]);

/** Of a connection that failed or that the client closed while the answer was not whole. */
export function brokenEnd({ error, hasHead, isStream, request, waitedMs }: Broken): End {
  // The app has let go of the answer and did not read it.
  if (isCollected(error)) return { ending: 'left', fault: undefined };
  const type = transportErrorType(error);
  if (TIMEOUTS.has(type)) return { ending: 'timeout', fault: type };
  if (isOfTimeoutSignal(error)) return { ending: 'timeout', fault: TIMEOUT_ERROR };
  if (!isAbort(error)) return { ending: hasHead ? 'cut' : 'error', fault: type };
  if (hasHead && isStream) return { ending: 'left', fault: undefined };
  if (!hasHead && waitedMs >= ownLimitMs(request)) return { ending: 'timeout', fault: TIMEOUT };
  return { ending: 'aborted', fault: ABORTED };
}

/** `AbortSignal.timeout`: `fetch` fails with its reason, `node:http` with an abort of which that is the cause. */
function isOfTimeoutSignal(error: unknown): boolean {
  const object = asObject(error);
  return object?.['name'] === TIMEOUT_ERROR || asObject(object?.['cause'])?.['name'] === TIMEOUT_ERROR;
}

/**
 * The limit of the official SDKs (OpenAI's, Anthropic's, Google's): they abort at it without a reason, and tell it in a
 * header, in whole seconds. From `openai` 5 on the limit of the client is not told: it is the default where nobody has
 * set another.
 */
function ownLimitMs(request: Headers): number {
  const text = request.header('x-stainless-timeout') ?? request.header('x-server-timeout');
  if (text === undefined) return request.header('x-stainless-lang') === undefined ? Infinity : UNTOLD_LIMIT_MS - LATE_MS;
  if (!/^[1-9]\d{0,6}$/.test(text)) return Infinity;
  const limitMs = Number(text) * 1_000;
  return limitMs - Math.min(limitMs * LATE_SHARE, LATE_MS);
}
