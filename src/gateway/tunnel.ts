/** WebSockets: the handshake goes on as it came, and from then on both sides are one pipe. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Connector } from './connect.ts';
import { mapHeaders, pairsOf, type RawHeaders } from './headers.ts';
import type { Route } from './routes.ts';
import { originOf } from './upstream.ts';

export interface Tunnelled {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came after the head already. */
  readonly head: Buffer;
  readonly route: Route;
  readonly connector: Connector;
}

export function tunnel({ request, socket, head, route, connector }: Tunnelled): void {
  const { upstream, path } = route;
  const onGone = (): void => void socket.destroy();
  socket.on('error', onGone);
  connector.open((_, other) => {
    if (other === undefined || socket.destroyed) {
      other?.destroy();
      return onGone();
    }
    const target = connector.isAbsolute ? originOf(upstream) + path : path;
    const headers = mapHeaders(request.rawHeaders, (name) => (name === 'host' ? upstream.authority : undefined));
    if (connector.proxyAuthorization !== undefined) headers.push('Proxy-Authorization', connector.proxyAuthorization);
    other.write(headText(`${request.method ?? 'GET'} ${target} HTTP/1.1`, headers), 'latin1');
    if (head.length > 0) other.write(head);
    for (const [from, to] of [
      [socket, other],
      [other, socket],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
}

/**
 * An upgrade that we do not tunnel (`h2c`, offered by Java's client with every first request) is answered by nobody over
 * HTTP/1.1: the request is read once more, without the offer.
 */
export function withoutOffer({ rawHeaders, method = 'GET', url = '/', httpVersion }: IncomingMessage, head: Buffer): Buffer {
  const headers = mapHeaders(rawHeaders, (name, value) => {
    if (name === 'upgrade' || name === 'http2-settings') return null;
    if (name !== 'connection') return undefined;
    const kept = value.split(',').filter((word) => !/^(?:upgrade|http2-settings)$/i.test(word.trim()));
    return kept.length === 0 ? null : kept.join(',').trim();
  });
  return Buffer.concat([Buffer.from(headText(`${method} ${url} HTTP/${httpVersion}`, headers), 'latin1'), head]);
}

function headText(firstLine: string, headers: RawHeaders): string {
  return [firstLine, ...[...pairsOf(headers)].map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
}
