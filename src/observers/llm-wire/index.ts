/** LLM calls, read on the wire: no SDK and no `fetch` is patched, so every client is seen alike. */
import { startedWith } from '../../config/started-with.ts';
import { subscribeHttpExchanges } from '../../hooks/http/index.ts';
import { subscribeWebSockets } from '../../hooks/websocket/index.ts';
import * as catalogue from '../../protocols/catalogue.ts';
import { mayBeCall } from '../../protocols/may-be-call.ts';
import type { Observer } from '../observer.ts';
import type { WireCalls } from './lazy.ts';

const NAME = 'llm-wire';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: `LLM calls by any SDK or fetch: ${Object.values(catalogue)
    .map(({ calls }) => calls)
    .join(', ')}`,
  how: 'channel',
  arm(context, lazy) {
    let isOff = false;
    let calls: WireCalls | undefined;
    // Where the user names services, any request may be a call.
    const hasOwnServices = (startedWith['SWARMSCOPE_LLM_SERVICES'] ?? '') !== '';
    const onFault = (error: unknown): void => {
      isOff = true;
      context.fault(NAME, error);
    };
    subscribeWebSockets({
      wants(request) {
        if (isOff || (!hasOwnServices && !mayBeCall({ method: 'WEBSOCKET', path: request.path }))) return undefined;
        calls ??= new (lazy().WireCalls)(context);
        return calls.openSession(request);
      },
      onFault,
    });
    subscribeHttpExchanges({
      wants(request) {
        if (isOff || (!hasOwnServices && !mayBeCall(request) && calls?.follows(request) !== true)) return undefined;
        calls ??= new (lazy().WireCalls)(context);
        return calls.open(request);
      },
      open: (readers, request) => new (lazy().OpenExchange)(readers, request),
      onFault,
    });
  },
};
