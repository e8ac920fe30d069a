/** The ways in which a stream of parts is written into the body of an answer, by the content types that name them. */
import { MessageScanner } from './read/message-scanner.ts';
import { ObjectScanner } from './read/object-scanner.ts';
import { SseScanner } from './read/sse.ts';
import { utf8Of } from './read/latin1.ts';
import { asObject, parseJson, type JsonObject } from './read/json.ts';
import { objectsIn } from './read/objects-in.ts';

export interface Parts {
  /** Latin-1 text of a server-sent event. */
  onEvent(event: string): void;
  /** `name` where the framing has one. `isWhole` is false for what came of a part that was cut off. */
  onPart(part: JsonObject, name: string | undefined, isWhole: boolean): void;
  /** A failure that the framing itself tells, and no part of the protocol. */
  onFailure(failure: JsonObject): void;
}

export interface Scanner {
  /** Chunks are borrowed: read during the call, never kept. */
  feed(bytes: Uint8Array): void;
  /** Reads what came and was not read yet. */
  end(): void;
  /** Parts that were too long to be read. */
  readonly skipped: number;
  /** The bytes are not what their label says. */
  readonly isBroken?: boolean;
  /** What comes next begins an event; only where parts are server-sent events. */
  readonly isBetween?: boolean;
}

export type FramingName = 'server-sent events' | 'objects' | 'messages';

export const SCANNERS: Readonly<Record<FramingName, (parts: Parts) => Scanner>> = {
  'server-sent events': (parts) => new SseScanner((event) => parts.onEvent(event)),
  objects(parts) {
    const scanner = new ObjectScanner((text) => {
      const object = asObject(parseJson(utf8Of(text)));
      if (object !== undefined) parts.onPart(object, undefined, true);
    });
    return {
      feed: (bytes) => scanner.feed(bytes),
      end() {
        for (const object of objectsIn(utf8Of(scanner.end())).objects) parts.onPart(object, undefined, false);
      },
      get skipped() {
        return scanner.skipped;
      },
    };
  },
  messages(parts) {
    const scanner = new MessageScanner(({ name, isError, payload }) => {
      const object = asObject(parseJson(payload)) ?? {};
      if (isError) parts.onFailure({ __type: name, ...object });
      else parts.onPart(object, name, true);
    });
    return {
      feed: (bytes) => scanner.feed(bytes),
      end: () => undefined,
      get skipped() {
        return scanner.skipped;
      },
      get isBroken() {
        return scanner.isBroken;
      },
    };
  },
};

/** What a content type says of the framing. A new one is a line here. */
const LABELS: readonly (readonly [types: RegExp, framing: FramingName])[] = [
  [/event-stream/, 'server-sent events'],
  [/vnd\.amazon\.eventstream/, 'messages'],
  [/ndjson|jsonl|json-?lines|json-seq|stream\+json/, 'objects'],
];

/** `undefined` for a type that names none. @example framingOf('application/x-ndjson') === 'objects' */
export function framingOf(contentType: string): FramingName | undefined {
  // What nearly every answer says that is no stream.
  if (contentType === 'application/json') return undefined;
  return LABELS.find(([types]) => types.test(contentType))?.[1];
}
