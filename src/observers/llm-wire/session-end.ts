/** How a session over a WebSocket ended, by what happened to its connection. */
import type { Closed } from '../../hooks/websocket/messages.ts';
import { isAbort, transportErrorType } from '../../protocols/facts/error-type.ts';

/** `swarmscope.session.ending` and, where it is a fault, `error.type`. */
export interface SessionEnd {
  readonly ending: 'complete' | 'error' | 'cut' | 'left' | 'process_exit';
  readonly fault: string | undefined;
}

/** Done, going away, and a close frame without a code (RFC 6455, section 7.4.1). */
const IN_GOOD_ORDER: ReadonlySet<number | undefined> = new Set([1000, 1001, 1005, undefined]);

export function closedEnd({ code, isByFrame, by, error }: Closed): SessionEnd {
  if (by === undefined) return { ending: 'cut', fault: error === undefined ? 'incomplete_session' : transportErrorType(error) };
  if (by === 'server') return IN_GOOD_ORDER.has(code) ? COMPLETE : { ending: 'error', fault: `close_${String(code)}` };
  return isByFrame ? COMPLETE : { ending: 'left', fault: undefined };
}

/** The handshake failed. */
export function failedEnd(error: unknown): SessionEnd {
  return isAbort(error) ? { ending: 'left', fault: undefined } : { ending: 'error', fault: transportErrorType(error) };
}

const COMPLETE: SessionEnd = { ending: 'complete', fault: undefined };
