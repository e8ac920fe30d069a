/** What a request says of the trace that it belongs to (the W3C headers), and a span for it where the user asks for one. */
import type { ServedRequest } from '../../hooks/http/servers.ts';
import { wrapMethod } from '../../hooks/wrap-method.ts';
import type { Frame, Recorder, ServedSpan } from '../../recording/types.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'http-server';

/** Runs `fn` below the span of the request, else below the one that the headers name; as it is where there is neither. */
export function served<T>(context: ObserverContext, request: ServedRequest, fn: () => T): T {
  const { headers, emitters } = request;
  const recorder = context.recorder();
  let frame: Frame | undefined;
  try {
    const isContinued = headers['traceparent'] !== undefined && context.settings.propagators.includes('tracecontext');
    const asked = isContinued
      ? recorder?.frameOfCarrier({ TRACEPARENT: headers['traceparent'], TRACESTATE: headers['tracestate'] })
      : undefined;
    const span = context.settings.serverSpans ? recorder?.startServed({ ...request.asked(), frame: asked }) : undefined;
    const own = span?.frame ?? asked;
    if (recorder !== undefined && own !== undefined)
      for (const emitter of emitters) watchEmitter(emitter, { recorder, frame: own, request, span });
    frame = own;
  } catch (error) {
    context.fault(NAME, error);
  }
  return recorder === undefined || frame === undefined ? fn() : recorder.within(frame, fn);
}

interface Watched {
  readonly recorder: Recorder;
  readonly frame: Frame;
  readonly request: ServedRequest;
  readonly span: ServedSpan | undefined;
}

/** The parts of a body are told by the connection, which serves other requests as well. */
function watchEmitter(emitter: object, { recorder, frame, request, span }: Watched): void {
  wrapMethod(emitter, 'emit', (emit, self, args) => {
    try {
      return recorder.within(frame, () => Reflect.apply(emit, self, args));
    } finally {
      // A connection that breaks tells `close` alone.
      if (emitter === request.answer && (args[0] === 'finish' || args[0] === 'close')) {
        const answered = request.answered();
        span?.end({ ...answered, isWhole: args[0] === 'finish' || answered.isWhole });
      }
    }
  });
}
