/** One session of OpenAI Realtime: responses that the program asks for, and those that the service begins when somebody has spoken. */
import type { Operation } from '../protocol.ts';
import { asArray, asCount, asObject, asText, parseJson, type JsonObject } from '../read/json.ts';
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
import { readRequest } from './request.ts';
import { transcriberIn, TRANSCRIPTION, TRANSCRIPTION_EVENTS, Transcriptions } from './transcriptions.ts';

const OPERATION: Operation = { path: '/realtime', name: 'chat', isStream: true };
const CREATE = 'response.create';
/** What the program sends that holds facts; sound and its like do not. */
const SENT: ReadonlySet<string> = new Set([CREATE, 'session.update', 'transcription_session.update', 'conversation.item.create']);
/** The last two are the beta's, of a session that only writes down. */
const CONFIGURED: readonly string[] = [
  'session.created',
  'session.updated',
  'transcription_session.created',
  'transcription_session.updated',
];
const RECEIVED: ReadonlySet<string> = new Set([
  ...CONFIGURED,
  ...TRANSCRIPTION_EVENTS,
  'response.created',
  'response.done',
  'rate_limits.updated',
  'error',
]);
const TEXT_DELTA = /(?:text|audio_transcript)\.delta$/;

interface Asked {
  readonly response: SessionResponse;
  /** Of the client's event, which a refusal names. */
  readonly eventId: string | undefined;
}

export class RealtimeSession implements SessionReader {
  readonly #host: SessionHost;
  /** The newest configuration. */
  #config: JsonObject = {};
  /** Asked for and not begun, in their order. */
  #asked: Asked[] = [];
  /** How output begins of which its time alone is a fact. */
  readonly #deltas = new SameStart();
  readonly #open = new Map<string, SessionResponse>();
  readonly #transcriptions: Transcriptions;

  constructor(host: SessionHost) {
    this.#host = host;
    this.#transcriptions = new Transcriptions(host);
  }

  settles(bytes: DataView): boolean {
    if (this.#open.size !== 1 || this.#deltas.beginsAt(bytes, 0) === 0) return false;
    this.#responseIn('')?.output();
    return true;
  }

  begins(direction: Direction, start: string): boolean {
    const type = typeIn(start);
    if (type === undefined) return start.startsWith('{') && !start.startsWith('{"audio":');
    if (direction === 'sent') return SENT.has(type);
    if (!type.endsWith('.delta')) return RECEIVED.has(type);
    if (type.startsWith(TRANSCRIPTION)) this.#transcriptions.piece(start);
    const response = this.#responseIn(start);
    if (response === undefined || !type.startsWith('response.')) return false;
    if (this.#host.isContentCaptured && TEXT_DELTA.test(type)) return true;
    const typed = typedStart(type);
    if (start.startsWith(typed)) this.#deltas.learn(typed);
    response.output();
    return false;
  }

  message(direction: Direction, bytes: Buffer): void {
    const body = asObject(parseJson(bytes.toString()));
    const type = asText(body?.['type']);
    if (body === undefined || type === undefined) return;
    if (direction === 'sent') this.#readSent(body, type);
    else this.#readReceived(body, type, bytes);
  }

  #readSent(body: JsonObject, type: string): void {
    if (type === 'session.update' || type === 'transcription_session.update') this.#configure(body['session']);
    else if (type === CREATE) this.#ask(body);
    else if (type === 'conversation.item.create') {
      const item = asObject(body['item']);
      const callId = asText(item?.['call_id']);
      if (item?.['type'] !== 'function_call_output' || callId === undefined) return;
      const content = (): unknown => item['output'];
      this.#host.toolResults([{ callId, name: undefined, history: undefined, isLast: true, isError: false, content }]);
    }
  }

  #ask(body: JsonObject): void {
    this.#asked = this.#asked.filter(({ response }) => !response.isEnded);
    if (this.#asked.length + this.#open.size >= MAX_OPEN_RESPONSES) return;
    this.#host.learn({});
    const response = this.#host.begin();
    this.#asked.push({ response, eventId: asText(body['event_id']) });
    this.#tell(response, asObject(body['response']));
  }

  #tell(response: SessionResponse, changes: JsonObject | undefined): void {
    response.asked(readRequest({ ...this.#config, ...changes }, { operation: OPERATION, isContentCaptured: this.#host.isContentCaptured }));
  }

  #readReceived(body: JsonObject, type: string, bytes: Buffer): void {
    if (CONFIGURED.includes(type)) {
      this.#configure(body['session']);
      const session = asObject(body['session']);
      // A session that only writes down has no other model.
      const only = session?.['type'] === 'transcription' || type.startsWith('transcription') ? transcriberIn(this.#config) : undefined;
      this.#host.learn({ id: asText(session?.['id']), model: asText(session?.['model']) ?? only });
    } else if (this.#transcriptions.read(body, type, { config: this.#config, bytes })) return;
    else if (type === 'response.created') this.#begin(body, bytes);
    else if (type === 'rate_limits.updated') this.#readLimits(body);
    else if (type === 'error') this.#refuse(body, bytes);
    else this.#readEvent(body, type, bytes);
  }

  /** Of a configuration that changes in parts the rest stays. */
  #configure(session: unknown): void {
    this.#config = { ...this.#config, ...asObject(session) };
    delete (this.#config as Record<string, unknown>)['prompt'];
  }

  #begin(body: JsonObject, bytes: Buffer): void {
    const id = asText(asObject(body['response'])?.['id']) ?? '';
    if (this.#open.has(id) || this.#open.size >= MAX_OPEN_RESPONSES) return;
    let response = this.#asked.shift()?.response;
    if (response === undefined || response.isEnded) {
      response = this.#host.begin({ isUnasked: true });
      this.#tell(response, undefined);
    }
    this.#open.set(id, response);
    response.event(bytes);
  }

  #readEvent(body: JsonObject, type: string, bytes: Buffer): void {
    const id = asText(asObject(body['response'])?.['id']) ?? asText(body['response_id']) ?? '';
    const response = this.#open.get(id);
    response?.event(bytes);
    if (type === 'response.done') this.#open.delete(id);
  }

  /** A refusal names the event that it refuses; one that names none is of the oldest response that has not begun. */
  #refuse(body: JsonObject, bytes: Buffer): void {
    const eventId = asText(asObject(body['error'])?.['event_id']);
    const at = eventId === undefined ? 0 : this.#asked.findIndex((asked) => asked.eventId === eventId);
    const [refused] = at < 0 ? [] : this.#asked.splice(at, 1);
    refused?.response.event(bytes);
    refused?.response.end();
  }

  #readLimits(body: JsonObject): void {
    const limits = asArray(body['rate_limits']).flatMap((item) => {
      const object = asObject(item);
      const [kind, limit, remaining] = [asText(object?.['name']), asCount(object?.['limit']), asCount(object?.['remaining'])];
      return (kind === 'requests' || kind === 'tokens') && limit !== undefined && remaining !== undefined
        ? [{ kind, limit, remaining }]
        : [];
    });
    if (limits.length > 0) this.#host.rateLimits(limits);
  }

  #responseIn(start: string): SessionResponse | undefined {
    const [only] = this.#open.values();
    if (this.#open.size <= 1) return only;
    return this.#open.get(/"response_id"\s*:\s*"([^"]+)"/.exec(start)?.[1] ?? '');
  }
}
