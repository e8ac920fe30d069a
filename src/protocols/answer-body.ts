/** The body of one answer: a stream of parts or JSON. Its first bytes say which; its label only where they do not. */
import { SCANNERS, type FramingName, type Scanner } from './framing.ts';
import { BodyBuffer, type KeptStrings } from './read/body-buffer.ts';
import { MAX_EVENT_BYTES } from './read/bounded-text.ts';
import type { EventMatcher } from './read/event-matcher.ts';
import { asObject, parseJson, type JsonObject } from './read/json.ts';
import { isTooFine } from './read/json-size.ts';
import { latin1Of } from './read/latin1.ts';
import { objectsIn, type FoundObjects } from './read/objects-in.ts';

/** More than the longest name of a field. */
const START_CHARACTERS = 16;
const OPEN_OBJECT = 0x7b;
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
/** Names of the fields of an event (WHATWG HTML, section 9.2.6). */
const FIELDS = ['data', 'event', 'id', 'retry'];

export interface AnswerBodyOptions {
  /** How a stream would be framed, by the label and the request; `undefined` for a body that is said to be no stream. */
  readonly framing: FramingName | undefined;
  readonly isContentCaptured: boolean;
  /** A list is a stream of its items. */
  readonly isListStream: boolean;
  /** A body is nearly all vectors: what else it says may stand behind them. */
  readonly hasVectors: boolean;
  /** Latin-1 text of one event. True when it carries output of the model. */
  onEvent(event: string): boolean;
  /** By which events are found, at the moment, that bring more output of the model and nothing else. */
  moreOutput(): EventMatcher | undefined;
  /** One part of a stream that is no event of text. True when it carries output of the model. */
  onPart(part: JsonObject, name: string | undefined, isWhole: boolean): boolean;
  /** A failure that the framing tells. */
  onFailure(failure: JsonObject): void;
  /** The body, or each object of a body of several: lines of JSON, a list. Of one that was cut off, what came of it. */
  onObject(body: JsonObject, isWhole: boolean): void;
  /** A body that is neither. False where nothing could be made of it. */
  onText(text: string): boolean;
  /** Something could not be read; `what` is one of a few names. */
  onUnread(what: string, times?: number): void;
}

/** Chunks are borrowed: read during the call, never kept. */
export class AnswerBody {
  readonly #options: AnswerBodyOptions;
  /** Latin-1 of the first bytes, while they do not say what the body is. */
  #begun = '';
  #scanner: Scanner | undefined;
  #other: BodyBuffer | undefined;
  /** How many events carried output of the model. */
  outputs = 0;

  constructor(options: AnswerBodyOptions) {
    this.#options = options;
  }

  get isStream(): boolean {
    return this.#other === undefined && (this.#scanner !== undefined || this.#options.framing !== undefined);
  }

  /** Nothing has come, or white space. */
  get isEmpty(): boolean {
    return this.#begun === '' && this.#scanner === undefined && this.#other === undefined;
  }

  feed(bytes: Uint8Array): void {
    if (this.#scanner !== undefined) this.#scan(this.#scanner, bytes);
    else if (this.#other !== undefined) this.#other.add(bytes);
    else this.#begin(bytes);
  }

  /** Events that bring nothing but more output are counted, and never become text. */
  #scan(scanner: Scanner, bytes: Uint8Array): void {
    const matcher = scanner.isBetween === true ? this.#options.moreOutput() : undefined;
    // An event that is too long to be read counts as such.
    if (matcher?.isReady !== true || bytes.byteLength > MAX_EVENT_BYTES) return scanner.feed(bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    for (let end = matcher.endIn(view, 0); end !== -1; end = matcher.endIn(view, at)) {
      at = end;
      this.outputs += 1;
    }
    if (at < bytes.byteLength) scanner.feed(at === 0 ? bytes : bytes.subarray(at));
  }

  /** Reads what has come and was not read yet. */
  end(): void {
    const options = this.#options;
    if (this.#scanner !== undefined) {
      this.#scanner.end();
      if (this.#scanner.skipped > 0) options.onUnread('large-event', this.#scanner.skipped);
      if (this.#scanner.isBroken === true) options.onUnread('unreadable-response');
      return;
    }
    const text = this.#other?.take() ?? this.#begun;
    const { objects, isCut } = readObjects(text);
    if (objects.length === 0 && !this.isEmpty) {
      if (!options.onText(text)) options.onUnread('unreadable-response');
    }
    objects.forEach((object, index) => options.onObject(object, !isCut || index < objects.length - 1));
  }

  /** Nearly every body says in its first characters what it is, and is not copied then. */
  #begin(bytes: Uint8Array): void {
    // What is said to be no stream, and is an object, is none.
    if (this.#begun === '' && this.#options.framing === undefined && bytes[0] === OPEN_OBJECT) {
      this.#other = new BodyBuffer(keptStrings(this.#options));
      return this.#other.add(bytes);
    }
    const start = this.#begun === '' ? latin1Of(bytes.subarray(0, START_CHARACTERS)) : '';
    if (start === '' || start.trimStart() !== start || kindOf(start) === undefined || start.startsWith('\u00ef')) {
      this.#beginWith(this.#begun + latin1Of(bytes));
      return;
    }
    const framing = this.#framingOf(start);
    if (framing === undefined) this.#other = new BodyBuffer(keptStrings(this.#options));
    else this.#open(framing);
    this.feed(bytes);
  }

  /** `undefined` for a body that is no stream. */
  #framingOf(start: string): FramingName | undefined {
    const { framing, isListStream } = this.#options;
    // Its first byte is half of a length.
    if (framing === 'messages' && !start.startsWith('{')) return framing;
    const kind = kindOf(start);
    if (kind === 'events' || (kind === 'other' && framing === 'server-sent events')) return 'server-sent events';
    return kind === 'json' && (framing === 'objects' || (isListStream && start.startsWith('['))) ? 'objects' : undefined;
  }

  #beginWith(text: string): void {
    // Its first byte is half of a length.
    if (this.#options.framing === 'messages' && !text.startsWith('{')) return this.#open('messages', text);
    const isMarked = text.startsWith(BYTE_ORDER_MARK);
    const rest = (isMarked ? text.slice(BYTE_ORDER_MARK.length) : text).trimStart();
    const kind = kindOf(rest);
    // White space means nothing, and a body may begin with much of it: it keeps a connection open.
    if (kind === undefined) {
      this.#begun = rest === '' && isMarked ? BYTE_ORDER_MARK : rest;
      return;
    }
    const framing = this.#framingOf(rest);
    if (framing === undefined) this.#other = new BodyBuffer(keptStrings(this.#options));
    else this.#open(framing);
    this.feed(Buffer.from(rest, 'latin1'));
  }

  #open(framing: FramingName, begun = ''): void {
    const options = this.#options;
    const count = (isOutput: boolean): void => void (this.outputs += isOutput ? 1 : 0);
    this.#scanner = SCANNERS[framing]({
      onEvent: (event) => count(options.onEvent(event)),
      onPart: (part, name, isWhole) => count(options.onPart(part, name, isWhole)),
      onFailure: (failure) => options.onFailure(failure),
    });
    if (begun !== '') this.feed(Buffer.from(begun, 'latin1'));
  }
}

function keptStrings({ hasVectors, isContentCaptured }: AnswerBodyOptions): KeptStrings {
  if (hasVectors) return 'none';
  return isContentCaptured ? 'all' : 'usual';
}

function readObjects(text: string): FoundObjects {
  const body = asObject(parseJson(text));
  if (body !== undefined) return { objects: [body], isCut: false };
  // A page may hold objects that are its own.
  return kindOf(text) === 'json' && !isTooFine(text) ? objectsIn(text) : { objects: [], isCut: false };
}

type Kind = 'events' | 'json' | 'other';

/** `undefined` while it may still be anything. */
function kindOf(start: string): Kind | undefined {
  const [first] = start;
  if (first === '{' || first === '[') return 'json';
  if (first === ':' || FIELDS.some((name) => start.startsWith(`${name}:`))) return 'events';
  return BYTE_ORDER_MARK.startsWith(start) || FIELDS.some((name) => name.startsWith(start)) ? undefined : 'other';
}
