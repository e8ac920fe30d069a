/** An OpenTelemetry context that differs from another one by its span alone. */
import { trace, type Context, type Span } from '@opentelemetry/api';

/** What the API keeps a span under: the one value that it asks a context for. */
const SPAN_KEY = askedFor();

/** The API's own copies a map and makes three functions for each span; spans below spans share the context below them all. */
class SpanContext implements Context {
  readonly #below: Context;
  readonly #span: Span;

  constructor(given: Context, span: Span) {
    this.#below = given instanceof SpanContext ? given.#below : given;
    this.#span = span;
  }

  getValue(key: symbol): unknown {
    return key === SPAN_KEY ? this.#span : this.#below.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#whole().setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#whole().deleteValue(key);
  }

  #whole(): Context {
    return trace.setSpan(this.#below, this.#span);
  }
}

/** As `trace.setSpan` of the API. @example trace.getSpan(withSpan(ROOT_CONTEXT, span)) === span */
export function withSpan(context: Context, span: Span): Context {
  return SPAN_KEY === undefined ? trace.setSpan(context, span) : new SpanContext(context, span);
}

function askedFor(): symbol | undefined {
  let asked: symbol | undefined;
  const context: Context = {
    getValue(key) {
      asked = key;
      return undefined;
    },
    setValue: () => context,
    deleteValue: () => context,
  };
  trace.getSpan(context);
  return asked;
}
