/** LLM calls, read on the wire: no SDK and no `fetch` is patched, so every client is seen alike. */
import { subscribeHttpExchanges } from '../../hooks/http-exchange.ts';
import { protocolOf } from '../../protocols/recognition.ts';
import type { Observer } from '../observer.ts';
import type { WireCalls } from './room.ts';

const NAME = 'llm-wire';

/** Taken before the app can replace it. */
const { timeOrigin } = performance;
const monotonicNow = performance.now.bind(performance);

export const observer: Observer<typeof import('./room.ts')> = {
  name: NAME,
  arm(context, room) {
    let isOff = false;
    let calls: WireCalls | undefined;
    subscribeHttpExchanges({
      wants(request) {
        if (isOff || protocolOf(request) === undefined) return undefined;
        // The first call loads our rooms: what that takes is not to be missing from its time.
        const startTime = timeOrigin + monotonicNow();
        calls ??= new (room().WireCalls)(context);
        return calls.open(request, startTime);
      },
      onFault(error) {
        isOff = true;
        context.fault(NAME, error);
      },
    });
  },
};
