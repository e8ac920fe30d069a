/**
 * A span of our own tracer, from its start to its bytes. It is what `SpanImpl` of OpenTelemetry's SDK is to us, at a third of
 * the cost: attributes are kept as two lists, since an object that gains thirty of them becomes a hash table, and are
 * checked by the mask of the recorder before they come. Nobody but the recorder ever holds one.
 */
import {
  SpanStatusCode,
  type AttributeValue,
  type Attributes,
  type Link,
  type Span,
  type SpanContext,
  type SpanStatus,
  type TimeInput,
} from '@opentelemetry/api';
import type { Scope } from '../../otlp/write/index.ts';

/** As the SDK's own defaults, which its third major does not read from the environment any more. */
export const MAX_ATTRIBUTES = 128;
const MAX_EVENTS = 128;
const MAX_LINKS = 128;

/** Seconds and nanoseconds since the epoch. */
type Time = [seconds: number, nanoseconds: number];

export interface SpanStart {
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  readonly scope: Scope;
  readonly name: string;
  readonly kind: number;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  readonly links: readonly Link[];
  readonly onEnd: (span: OpenSpan) => void;
}

interface TimedEvent {
  readonly time: Time;
  readonly name: string;
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
}

interface SpanLink {
  readonly context: SpanContext;
  readonly attributes: Attributes | undefined;
  readonly droppedAttributesCount: number;
}

export class OpenSpan implements Span {
  readonly parentSpanContext: SpanContext | undefined;
  readonly instrumentationScope: Scope;
  readonly kind: number;
  readonly startTime: Time;
  name: string;
  endTime: Time = [0, 0];
  status: SpanStatus = UNSET;
  /** In the order in which they were first set; `values` belong to them. */
  readonly names: string[] = [];
  readonly values: AttributeValue[] = [];
  events: TimedEvent[] = [];
  links: SpanLink[] = [];
  droppedAttributesCount = 0;
  droppedEventsCount = 0;
  droppedLinksCount = 0;
  readonly #context: SpanContext;
  readonly #onEnd: SpanStart['onEnd'];
  #isEnded = false;

  constructor({ context, parent, scope, name, kind, startTime, links, onEnd }: SpanStart) {
    this.#context = context;
    this.#onEnd = onEnd;
    this.parentSpanContext = parent;
    this.instrumentationScope = scope;
    this.kind = kind;
    this.startTime = timeOf(startTime);
    this.name = name;
    if (links.length > 0) this.addLinks(links);
  }

  /** A copy, for who asks before the end. */
  get attributes(): Attributes {
    const all: Attributes = {};
    for (let at = 0; at < this.names.length; at += 1) all[this.names[at] as string] = this.values[at];
    return all;
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  isRecording(): boolean {
    return !this.#isEnded;
  }

  setAttribute(name: string, value: AttributeValue): this {
    if (this.#isEnded || value === undefined || name === '') return this;
    const { names } = this;
    const { length } = names;
    let at = 0;
    while (at < length && names[at] !== name) at += 1;
    if (at === length) {
      if (length >= MAX_ATTRIBUTES) {
        this.droppedAttributesCount += 1;
        return this;
      }
      names.push(name);
      this.values.push(value);
    } else this.values[at] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const name of Object.keys(attributes)) this.setAttribute(name, attributes[name]);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.#isEnded) return this;
    const isTime = isTimeInput(attributesOrTime);
    if (this.events.length >= MAX_EVENTS) {
      this.events.shift();
      this.droppedEventsCount += 1;
    }
    const at = isTime ? attributesOrTime : time;
    this.events.push({ name, time: timeOf(at ?? Date.now()), ...bounded(isTime ? undefined : attributesOrTime) });
    return this;
  }

  addLink({ context, attributes }: Link): this {
    if (this.#isEnded) return this;
    if (this.links.length >= MAX_LINKS) {
      this.links.shift();
      this.droppedLinksCount += 1;
    }
    this.links.push({ context, ...bounded(attributes) });
    return this;
  }

  addLinks(links: readonly Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  /** What was found right stays so, as the specification asks; words are for errors alone. */
  setStatus({ code, message }: SpanStatus): this {
    if (this.#isEnded || code === SpanStatusCode.UNSET || this.status.code === SpanStatusCode.OK) return this;
    this.status = code === SpanStatusCode.ERROR && typeof message === 'string' ? { code, message } : { code };
    return this;
  }

  updateName(name: string): this {
    if (!this.#isEnded) this.name = name;
    return this;
  }

  /** Exceptions of libraries come as events that have been through the mask: see `recording/recorded-span.ts`. */
  recordException(): void {
    return undefined;
  }

  end(endTime?: TimeInput): void {
    if (this.#isEnded) return;
    const time = timeOf(endTime ?? Date.now());
    const [seconds, nanoseconds] = this.startTime;
    this.endTime = time[0] < seconds || (time[0] === seconds && time[1] < nanoseconds) ? [seconds, nanoseconds] : time;
    this.#isEnded = true;
    this.#onEnd(this);
  }
}

const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };

function bounded(attributes: Attributes = {}): { attributes: Attributes; droppedAttributesCount: number } {
  const names = Object.keys(attributes);
  if (names.length <= MAX_ATTRIBUTES) return { attributes: { ...attributes }, droppedAttributesCount: 0 };
  const kept = names.slice(0, MAX_ATTRIBUTES).map((name) => [name, attributes[name]] as const);
  return { attributes: Object.fromEntries(kept), droppedAttributesCount: names.length - MAX_ATTRIBUTES };
}

function isTimeInput(given: unknown): given is TimeInput {
  return typeof given === 'number' || given instanceof Date || Array.isArray(given);
}

function timeOf(time: TimeInput): Time {
  if (Array.isArray(time)) return [time[0], time[1]];
  const epochMs = typeof time === 'number' ? time : time.getTime();
  const seconds = Math.trunc(epochMs / 1000);
  return [seconds, Math.round((epochMs - seconds * 1000) * 1e6)];
}
