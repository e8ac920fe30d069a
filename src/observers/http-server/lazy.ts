/** What a request says of the trace that it belongs to: the W3C headers. */
import type { ServedRequest } from '../../hooks/http/servers.ts';
import { wrapMethod } from '../../hooks/wrap-method.ts';
import type { Frame, Recorder } from '../../recording/types.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'http-server';

/** Runs `fn` below the span that the headers name; as it is where they name none. */
export function continued<T>(context: ObserverContext, { headers, emitters }: ServedRequest, fn: () => T): T {
  const recorder = context.settings.propagators.includes('tracecontext') ? context.recorder() : undefined;
  let frame: Frame | undefined;
  try {
    const found = recorder?.frameOfCarrier({ TRACEPARENT: headers['traceparent'], TRACESTATE: headers['tracestate'] });
    if (recorder !== undefined && found !== undefined) for (const emitter of emitters) watchEmitter(emitter, recorder, found);
    frame = found;
  } catch (error) {
    context.fault(NAME, error);
  }
  return recorder === undefined || frame === undefined ? fn() : recorder.within(frame, fn);
}

/** The parts of a body are told by the connection, which serves other requests as well. */
function watchEmitter(emitter: object, recorder: Recorder, frame: Frame): void {
  wrapMethod(emitter, 'emit', (emit, self, args) => recorder.within(frame, () => Reflect.apply(emit, self, args)));
}
