/** An event that tells what a span tells, with content as the values that it is and not as JSON in a text. */
import type { SpanContext } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../semconv/index.ts';
import type { Attributes, EpochMs, LogRecord } from '../semconv/telemetry.ts';
import type { Mask } from './content.ts';

/** DEBUG, as the conventions ask for. */
const SEVERITY_DEBUG = 5;
const SAMPLED = 1;
const STRUCTURED: ReadonlySet<string> = new Set([
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
]);

export class EventRecord {
  readonly #name: string;
  readonly #mask: Mask;
  readonly #emitLog: (record: LogRecord) => void;
  readonly #kept: Record<string, unknown> = {};

  constructor(name: string, mask: Mask, emitLog: (record: LogRecord) => void) {
    this.#name = name;
    this.#mask = mask;
    this.#emitLog = emitLog;
  }

  add(attributes: Attributes): void {
    this.#mask(attributes, (name, value) => {
      this.#kept[name] = STRUCTURED.has(name) && typeof value === 'string' ? valueOf(value) : value;
    });
  }

  /** Once, at the end of the span; of a span that is not sampled nothing is told. */
  emit({ traceId, spanId, traceFlags }: SpanContext, time: EpochMs): void {
    if ((traceFlags & SAMPLED) === 0) return;
    // The writer takes values of any shape; the rest of the house has only plain ones.
    const attributes = this.#kept as Attributes;
    this.#emitLog({ eventName: this.#name, time, severityNumber: SEVERITY_DEBUG, traceId, spanId, attributes });
  }
}

function valueOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // A library's own text.
    return json;
  }
}
