/** Offers every HTTP exchange that this process starts, by undici (`fetch`), `node:http(s)` or `node:http2`, to listeners. */
import { addListener, type ExchangeListener } from './exchange.ts';
import { armHttp2 } from './http2.ts';
import { armNodeHttp } from './node-http.ts';
import { armUndici } from './undici.ts';

export { OpenExchange } from './open-exchange.ts';
export type { ExchangeListener, ExchangeRequest, ExchangeSink, ResponseHead } from './exchange.ts';

/**
 * Listens for HTTP requests; nothing that the app sees changes.
 * @example subscribeHttpExchanges({ wants: (request) => (request.path === '/v1/messages' ? sink : undefined), onFault });
 */
export function subscribeHttpExchanges(listener: ExchangeListener): void {
  addListener(listener);
  armUndici();
  armNodeHttp();
  armHttp2();
}
