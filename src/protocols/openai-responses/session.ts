/** OpenAI responses over a WebSocket: each `response.create` is a call, answered by the events of a stream, one after the other. */
import type { Operation } from '../protocol.ts';
import { asObject, asText, parseJson } from '../read/json.ts';
import { SameStart } from '../read/same-start.ts';
import {
  MAX_OPEN_RESPONSES,
  typedStart,
  typeIn,
  type Direction,
  type SessionHost,
  type SessionReader,
  type SessionResponse,
} from '../session.ts';
import { PASSED_OVER } from './answer.ts';
import { readRequest } from './request.ts';

const CREATE = 'response.create';
const ITEM_DONE = 'response.output_item.done';
const OPERATION: Operation = { path: '/responses', name: 'chat', isStream: true };

export class ResponsesSession implements SessionReader {
  readonly #host: SessionHost;
  /** How output begins of which its time alone is a fact. */
  readonly #deltas = new SameStart();
  /** In the order in which they were asked for: the service answers one after the other. */
  #open: SessionResponse[] = [];

  constructor(host: SessionHost) {
    this.#host = host;
  }

  settles(bytes: DataView): boolean {
    if (this.#deltas.beginsAt(bytes, 0) === 0) return false;
    this.#current()?.output();
    return true;
  }

  begins(direction: Direction, start: string): boolean {
    const type = typeIn(start);
    if (type === undefined) return start.startsWith('{');
    if (direction === 'sent') return type === CREATE;
    if (type.endsWith('.delta') && !this.#host.isContentCaptured) {
      const typed = typedStart(type);
      if (start.startsWith(typed)) this.#deltas.learn(typed);
      this.#current()?.output();
      return false;
    }
    return !PASSED_OVER.has(type) && (!type.endsWith('.done') || type === ITEM_DONE);
  }

  message(direction: Direction, bytes: Buffer): void {
    if (direction === 'sent') this.#readSent(bytes);
    else this.#readReceived(bytes);
  }

  #readSent(bytes: Buffer): void {
    const body = asObject(parseJson(bytes.toString()));
    if (body?.['type'] !== CREATE || this.#open.length >= MAX_OPEN_RESPONSES) return;
    this.#host.learn({ model: asText(body['model']) });
    const response = this.#host.begin();
    this.#open.push(response);
    response.asked(readRequest(body, { operation: OPERATION, isContentCaptured: this.#host.isContentCaptured }));
  }

  #readReceived(bytes: Buffer): void {
    const current = this.#current();
    if (current === undefined) return;
    const type = typeIn(bytes.toString('latin1', 0, START));
    current.event(bytes);
    // It stands alone: no event follows that would end the response.
    if (type === 'error' || (type === undefined && isError(bytes))) current.end();
  }

  #current(): SessionResponse | undefined {
    while (this.#open[0]?.isEnded === true) this.#open.shift();
    return this.#open[0];
  }
}

const START = 512;

function isError(bytes: Buffer): boolean {
  return asObject(parseJson(bytes.toString()))?.['type'] === 'error';
}
