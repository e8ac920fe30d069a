/** What a session over a WebSocket is: messages in, the responses of the model out. Pure: no I/O and no clock. */
import type { EpochMs, LlmOperation, LlmRequest, RateLimit } from '../semconv/telemetry.ts';
import type { ToolHistory, ToolResult } from './facts/tool-results.ts';

export type Direction = 'sent' | 'received';

/** What is known of a whole session. */
export interface SessionFacts {
  /** The service's own id for it. */
  readonly id?: string | undefined;
  readonly model?: string | undefined;
}

/** One response of the model: a call like any other. Its end is known by what its events say. */
export interface SessionResponse {
  /** Its last event has come, or the session has ended. */
  readonly isEnded: boolean;
  asked(facts: LlmRequest & { readonly tools?: ToolHistory | undefined }): void;
  /** One event of it: the JSON of the message. Borrowed. */
  event(bytes: Buffer): void;
  /** Output came that nobody reads further: only its time is a fact. */
  output(): void;
  /** Nothing more of it will come. */
  end(): void;
}

export interface SessionStart {
  readonly startTime?: EpochMs | undefined;
  readonly isUnasked?: boolean;
  /** Default: that of the session. */
  readonly operation?: LlmOperation;
}

/** Who is told what a session says. */
export interface SessionHost {
  readonly isContentCaptured: boolean;
  /** Called with the first thing that only such a session says, and whenever more is known. */
  learn(facts: SessionFacts): void;
  /** A response begins: asked for by the program just now, unless `isUnasked`. Default of its start: now. */
  begin(start?: SessionStart): SessionResponse;
  /** Results of tools that are no part of a request. */
  toolResults(results: readonly ToolResult[]): void;
  rateLimits(limits: readonly RateLimit[]): void;
  now(): EpochMs;
}

/** Reads one session. */
export interface SessionReader {
  /** True for a whole message of the service's, borrowed, that brought output of which its time alone is a fact: then it was told, and nothing else is asked. */
  settles?(bytes: DataView): boolean;
  /**
   * A message has begun; `start` is Latin-1 text of its first bytes, all of it where `isWhole`. True when it is to be read:
   * sound and the pieces of a text are not.
   */
  begins(direction: Direction, start: string, isWhole: boolean): boolean;
  /** A message that was to be read. Borrowed. */
  message(direction: Direction, bytes: Buffer): void;
}

/** Responses of one session that may be open at once; protects the memory from a program that only asks. */
export const MAX_OPEN_RESPONSES = 64;

/** Single values may stand before it; where anything else does, the message is parsed to know its type. */
const TYPE = /^\s*\{(?:\s*"\w+"\s*:\s*(?:"[^"\\]*"|-?\d+|null|true|false)\s*,)*?\s*"type"\s*:\s*"([\w.]+)"/;

/** A message that says its type before anything else begins with this. @example typedStart('response.audio.delta') */
export function typedStart(type: string): string {
  return `{"type":"${type}"`;
}

/** The `type` of a message of OpenAI's, by its first bytes; `undefined` where they do not tell it. */
export function typeIn(start: string): string | undefined {
  return TYPE.exec(start)?.[1];
}
