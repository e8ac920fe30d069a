/**
 * Whose telemetry it is: the process at the other end of a connection. Programs rarely say which process they are, and all
 * that one shell starts carry the same TRACEPARENT; who holds the socket is certain.
 */
import type { Socket } from 'node:net';
import type { SpanRow } from '../../analysis/model.ts';

/** The two ends of a connection on this machine. */
export interface ConnectionEnds {
  readonly localPort: number;
  readonly remotePort: number;
}

export interface Owner {
  readonly pid: number;
  /** The span that its work belongs below. */
  readonly place: { readonly traceId: string; readonly spanId: string };
  /** Ids of spans that it only inherited as a parent: those of the run and of the processes above it. */
  readonly inherited: ReadonlySet<string>;
}

/** Never rejects. undefined: no process of the run, or nobody can tell. */
export type OwnerOf = (ends: ConnectionEnds) => Promise<Owner | undefined>;

/** Asks once for each connection, and before it is answered: until then the other end is there to be found. */
export class Owners {
  readonly #ownerOf: OwnerOf | undefined;
  readonly #known = new WeakMap<Socket, Promise<Owner | undefined>>();
  /** Spans that stayed below the run, since nobody could tell whose they are. */
  unknownSpans = 0;

  constructor(ownerOf: OwnerOf | undefined) {
    this.#ownerOf = ownerOf;
  }

  /** Whose rows that came through a connection are. undefined: nobody can tell. */
  async of(connection: Socket): Promise<Owner | undefined> {
    return this.#ownerOf === undefined ? undefined : this.#of(connection, this.#ownerOf);
  }

  /** The spans below the process that sent them. Ours know their place, and are left as they are. */
  async placed(spans: readonly SpanRow[], connection: Socket): Promise<SpanRow[]> {
    if (this.#ownerOf === undefined || spans.every(isOurs)) return [...spans];
    const owner = await this.#of(connection, this.#ownerOf);
    if (owner !== undefined) return spans.map((span) => (isOurs(span) ? span : below(span, owner)));
    this.unknownSpans += spans.filter((span) => !isOurs(span) && span.parentSpanId === undefined).length;
    return [...spans];
  }

  #of(connection: Socket, ownerOf: OwnerOf): Promise<Owner | undefined> {
    const known = this.#known.get(connection);
    if (known !== undefined) return known;
    const { localPort, remotePort } = connection;
    const found = localPort === undefined || remotePort === undefined ? Promise.resolve(undefined) : ownerOf({ localPort, remotePort });
    this.#known.set(connection, found);
    return found;
  }
}

const isOurs = ({ sender }: SpanRow): boolean => sender !== undefined;

/** Ids stay. A span of another trace keeps it, and names the trace of its parent. */
function below(span: SpanRow, { pid, place, inherited }: Owner): SpanRow {
  const { parentSpanId, traceId, spanId } = span;
  const isTop = (parentSpanId === undefined || inherited.has(parentSpanId)) && spanId !== place.spanId;
  return {
    ...span,
    pid: span.pid ?? pid,
    ...(isTop ? { parentSpanId: place.spanId, ...(place.traceId === traceId ? {} : { parentTraceId: place.traceId }) } : {}),
  };
}
