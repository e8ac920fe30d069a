/** Makes spans of ours behind the API's no-ops, as long as the app has no SDK; metrics likewise in `meters.ts`. */
import type { LibrarySpanStart, Frame, Recorder } from '../../recording/types.ts';
import type { ObserverContext } from '../observer.ts';
import type { ApiContext, ApiTracer, Bridge, ProxyTracer } from './bridge.ts';

export { openMeters } from './meters.ts';

/** The same keys in all copies, which make them by `Symbol.for`. */
const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN');
const SUPPRESS_KEY = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Options of `startSpan`; a library may pass anything. */
interface SpanOptions extends Pick<LibrarySpanStart, 'kind' | 'attributes' | 'startTime' | 'links'> {
  readonly root?: boolean;
}
type Remote = LibrarySpanStart['remote'];

export function openBridge(observer: ObserverContext): Bridge {
  const tracers = new WeakMap<ProxyTracer, ApiTracer>();
  const frames = new WeakMap<object, Frame>();

  const active = (): ApiContext | undefined => observer.peek()?.current()?.library?.context as ApiContext | undefined;

  function startSpan(recorder: Recorder, proxy: ProxyTracer, args: Parameters<ApiTracer['startSpan']>): object | undefined {
    const [name, given, explicit] = args;
    const options = (given ?? {}) as SpanOptions;
    const context = explicit ?? active();
    if (context?.getValue(SUPPRESS_KEY) === true) return undefined;
    const { parent, remote } = options.root === true ? {} : parentIn(recorder, context);
    const { kind, attributes, startTime, links } = options;
    const scope = { name: proxy.name, version: proxy.version, schemaUrl: proxy.options?.schemaUrl };
    const started = recorder.startLibrarySpan({
      scope,
      name: String(name),
      kind,
      attributes,
      startTime,
      links,
      parent,
      remote,
      isRoot: options.root === true,
    });
    if (started === undefined) return undefined;
    frames.set(started.span, started.frame);
    return started.span;
  }

  /** A span that the library passed is the parent. Within that of the current context we may have opened another. */
  function parentIn(recorder: Recorder, context: ApiContext | undefined): { parent?: Frame; remote?: Remote } {
    const span = spanIn(context);
    if (span === undefined || span === recorder.current()?.library?.span) return {};
    const parent = frames.get(span);
    return parent === undefined ? { remote: remoteOf(span) } : { parent };
  }

  return {
    active,
    tracerOf(proxy, noop) {
      const known = tracers.get(proxy);
      if (known !== undefined) return known;
      const recorder = observer.recorder();
      if (recorder === undefined) return noop;
      // The rest is the no-op's: its `startActiveSpan` calls this `startSpan`, then the context API of its own copy.
      const made = Object.create(noop, {
        startSpan: {
          value: (...args: Parameters<ApiTracer['startSpan']>) => startSpan(recorder, proxy, args) ?? noop.startSpan(...args),
        },
      }) as ApiTracer;
      tracers.set(proxy, made);
      return made;
    },
    enter(context) {
      const recorder = observer.peek();
      const current = recorder?.current();
      if (recorder === undefined) return undefined;
      const span = spanIn(context);
      const own = span === undefined ? undefined : frames.get(span);
      if (span === undefined || own === undefined) {
        if (current?.library === undefined) return undefined;
        // A library leaves its span: what follows does not belong to that span, but still to this task.
        return (fn) => recorder.within({ ...current, library: undefined, inference: undefined }, fn);
      }
      const below = current !== undefined && span === current.library?.span ? current : own;
      return (fn) => recorder.within({ ...below, library: { span, context } }, fn);
    },
  };
}

function spanIn(context: ApiContext | undefined): object | undefined {
  const span = context?.getValue(SPAN_KEY);
  return typeof span === 'object' && span !== null ? span : undefined;
}

const VALID_TRACE = /^(?!0{32})[\da-f]{32}$/;
const VALID_SPAN = /^(?!0{16})[\da-f]{16}$/;

/** The parent in another process, which came with a request: a span that was not started in this one. */
function remoteOf(span: object): Remote {
  const context = (span as { spanContext?: () => Remote }).spanContext?.();
  return context !== undefined && VALID_TRACE.test(context.traceId) && VALID_SPAN.test(context.spanId) ? context : undefined;
}
