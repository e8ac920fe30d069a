/** What crosses between the process of the gateway and the one that records: plain data, in this order for each call. */
import type { EpochMs, LlmAnswer, LlmHead, LlmOperation, LlmRequest } from '../semconv/telemetry.ts';
import type { Upstream } from './upstream.ts';

/** To the gateway. */
export type Order =
  | {
      readonly type: 'begin';
      readonly upstreams: readonly Upstream[];
      readonly word: string;
      readonly isContentCaptured: boolean;
      /** Of the hashes of content, in hex. */
      readonly hashKey: string | undefined;
      readonly llmServices: Readonly<Record<string, string>>;
      /** The gateway stays until no process with this id in its environment lives. */
      readonly runId: string;
      /** Upstreams are asked first whether they can be reached. */
      readonly isProbing: boolean;
    }
  /** It is known whose the connection from this port is, or that nobody can tell. */
  | { readonly type: 'met'; readonly clientPort: number }
  /** Answered by `settled` when all calls that were under way have ended, or after this time. */
  | { readonly type: 'settle'; readonly timeoutMs: number }
  /** Nobody needs it any more. */
  | { readonly type: 'leave' };

/** The other end of the connection that a call came over. */
export interface ClientConnection {
  /** The client's own port. */
  readonly clientPort: number;
  readonly gatewayPort: number;
}

export interface CallStart {
  readonly operation: LlmOperation;
  readonly provider: string;
  readonly requestModel: string | undefined;
  readonly responseId: string | undefined;
  readonly region: string | undefined;
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly method: string;
  readonly resendCount: number | undefined;
  /** As the client sent it. */
  readonly traceparent: string | undefined;
  readonly startTime: EpochMs;
}

/** From the gateway, some at once. `call` numbers the calls of one process of the gateway. */
export type Told =
  /** It listens; `unreachable` holds why not, by the origins that did not answer. */
  | { readonly type: 'ready'; readonly unreachable: Readonly<Record<string, string>> }
  | { readonly type: 'failed'; readonly why: string }
  /** A client has connected. */
  | { readonly type: 'client'; readonly client: ClientConnection }
  | { readonly type: 'start'; readonly call: number; readonly client: ClientConnection; readonly start: CallStart }
  | { readonly type: 'learn'; readonly call: number; readonly facts: LlmRequest & { readonly provider: string } }
  | { readonly type: 'head'; readonly call: number; readonly head: LlmHead; readonly requestId: string | undefined }
  | { readonly type: 'end'; readonly call: number; readonly answer: LlmAnswer & { readonly provider?: string | undefined } }
  | { readonly type: 'count'; readonly name: string; readonly times: number }
  | { readonly type: 'settled' };
