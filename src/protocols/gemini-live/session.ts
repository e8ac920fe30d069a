/** One session of Gemini's Live API: what the program sends begins a turn of the model, or the service begins one when somebody has spoken. */
import { readRequest } from '../gemini/request.ts';
import { member } from '../gemini/parts.ts';
import type { Operation } from '../protocol.ts';
import { asArray, asObject, asText, parseJson, type JsonObject } from '../read/json.ts';
import type { Direction, SessionHost, SessionReader, SessionResponse } from '../session.ts';

const OPERATION: Operation = { path: '/BidiGenerateContent', name: 'generate_content', isStream: true };
/** Sound and pictures that go to the model hold no facts. */
const MEDIA = /^\s*\{\s*"(?:realtimeInput|realtime_input)"\s*:\s*\{\s*"(?:audio|video|mediaChunks|media_chunks)"/;

export class LiveSession implements SessionReader {
  readonly #host: SessionHost;
  #setup: JsonObject = {};
  #turn: SessionResponse | undefined;
  /** The turn has asked for tools, whose results begin the next one. */
  #waitsForTools = false;

  constructor(host: SessionHost) {
    this.#host = host;
  }

  begins(direction: Direction, start: string): boolean {
    return start.trimStart().startsWith('{') && !(direction === 'sent' && MEDIA.test(start));
  }

  message(direction: Direction, bytes: Buffer): void {
    const body = asObject(parseJson(bytes.toString()));
    if (body === undefined) return;
    if (direction === 'sent') this.#readSent(body);
    else this.#readReceived(body, bytes);
  }

  #readSent(body: JsonObject): void {
    const setup = asObject(body['setup']);
    const content = asObject(member(body, 'clientContent'));
    const answers = asObject(member(body, 'toolResponse'));
    if (setup !== undefined) {
      this.#setup = setup;
      this.#host.learn({ model: this.#model() });
    } else if (answers !== undefined) {
      this.#endWaiting();
      const results = asArray(member(answers, 'functionResponses')).flatMap((item) => {
        const { id, name, response } = asObject(item) ?? {};
        const callId = asText(id);
        return callId === undefined
          ? []
          : [{ callId, name: asText(name), history: undefined, isLast: true, isError: false, content: () => response }];
      });
      this.#host.toolResults(results);
      this.#begin(false, {});
    } else if (content !== undefined && member(content, 'turnComplete') === true) this.#begin(false, { contents: content['turns'] });
    else if (asText(asObject(member(body, 'realtimeInput'))?.['text']) !== undefined) this.#begin(false, {});
  }

  #readReceived(body: JsonObject, bytes: Buffer): void {
    const done = asObject(member(body, 'setupComplete'));
    if (done !== undefined) return this.#host.learn({ id: asText(member(done, 'sessionId')), model: this.#model() });
    const content = asObject(member(body, 'serverContent'));
    const hasCall = member(body, 'toolCall') !== undefined;
    const isTurn = hasCall || member(content, 'modelTurn') !== undefined || member(content, 'outputTranscription') !== undefined;
    if (isTurn) this.#begin(true, {});
    this.#waitsForTools ||= hasCall;
    this.#current()?.event(bytes);
    if (body['error'] !== undefined) this.#current()?.end();
  }

  /** Unless a turn is open: more that is said belongs to it. */
  #begin(isUnasked: boolean, more: JsonObject): void {
    if (this.#current() !== undefined) return;
    this.#host.learn({ model: this.#model() });
    this.#waitsForTools = false;
    this.#turn = this.#host.begin({ isUnasked });
    this.#turn.asked(readRequest({ ...this.#setup, ...more }, { operation: OPERATION, isContentCaptured: this.#host.isContentCaptured }));
  }

  #endWaiting(): void {
    if (!this.#waitsForTools) return;
    this.#current()?.end();
    this.#turn = undefined;
  }

  #current(): SessionResponse | undefined {
    return this.#turn?.isEnded === false ? this.#turn : undefined;
  }

  /** @example 'models/gemini-2.5-flash', or a resource of Vertex' */
  #model(): string | undefined {
    return asText(this.#setup['model'])?.split('/').at(-1);
  }
}
