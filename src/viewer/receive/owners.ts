/**
 * Whose telemetry it is: the process at the other end of a connection. Programs rarely say which process they are, and all
 * that one shell starts carry the same TRACEPARENT; who holds the socket is certain.
 */
import type { Socket } from 'node:net';
import type { SpanRow } from '../../analysis/model.ts';
import { ATTR_PROCESS_PID, ATTR_SWARMSCOPE_DIALECT, observerOf } from '../../semconv/index.ts';

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

/**
 * The process of that number at that time (epoch ms), where a sender tells of others than itself. `stranger`: none of the run. undefined:
 * nobody can tell. Never rejects.
 */
export type ProcessAt = (pid: number, atMs: number) => Promise<Owner | 'stranger' | undefined>;

/** Asks once for each connection, and before it is answered: until then the other end is there to be found. */
export class Owners {
  readonly #ownerOf: OwnerOf | undefined;
  readonly #known = new WeakMap<Socket, Promise<Owner | undefined>>();
  readonly #processAt: ProcessAt | undefined;
  /** Spans that stayed below the run, since nobody could tell whose they are. */
  unknownSpans = 0;
  /** Spans that a reader in the kernel told of processes that are not of this run. */
  strangers = 0;

  constructor(ownerOf: OwnerOf | undefined, processAt?: ProcessAt) {
    this.#ownerOf = ownerOf;
    this.#processAt = processAt;
  }

  /** Whose rows that came through a connection are. undefined: nobody can tell. */
  async of(connection: Socket): Promise<Owner | undefined> {
    return this.#ownerOf === undefined ? undefined : this.#of(connection, this.#ownerOf);
  }

  /** The spans below the process that sent them. Ours know their place, and are left as they are. */
  async placed(all: readonly SpanRow[], connection: Socket): Promise<SpanRow[]> {
    if (this.#ownerOf === undefined || all.every(isOurs)) return [...all];
    const [ofKernel, spans] = [all.filter(isOfKernel), all.filter((span) => !isOfKernel(span))];
    const told = (await Promise.all(ofKernel.map((span) => this.#ofKernel(span)))).flat();
    if (spans.every(isOurs)) return [...spans, ...told];
    const owner = await this.#of(connection, this.#ownerOf);
    if (owner !== undefined) return [...spans.map((span) => (isOurs(span) ? span : below(span, owner))), ...told];
    this.unknownSpans += spans.filter((span) => !isOurs(span) && span.parentSpanId === undefined).length;
    return [...spans, ...told];
  }

  /** Whoever sent it read the calls of others, those of all processes of the machine. */
  async #ofKernel(span: SpanRow): Promise<SpanRow[]> {
    const pid = span.attributes[ATTR_PROCESS_PID];
    if (typeof pid !== 'number') return [{ ...span, pid: undefined }];
    const owner = await this.#processAt?.(pid, span.startMs);
    if (owner !== 'stranger') return [owner === undefined ? { ...span, pid: undefined } : below({ ...span, pid }, owner)];
    this.strangers += 1;
    return [];
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

const isOfKernel = ({ attributes }: SpanRow): boolean => {
  const dialect = attributes[ATTR_SWARMSCOPE_DIALECT];
  return typeof dialect === 'string' && observerOf(dialect) === 'kernel';
};

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
