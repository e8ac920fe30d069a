/** The user's own proxy for an upstream, by the variables that curl, Python and Go read. */
import { BlockList, isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Proxy {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  /** Value of `Proxy-Authorization`. */
  readonly authorization: string | undefined;
}

export interface Destination {
  readonly isSecure: boolean;
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * undefined: none. `'unknown'`: one that we cannot speak with (SOCKS), so that nothing may be sent past it.
 * @example proxyFor({ isSecure: true, host: 'api.openai.com', port: 443 }, { HTTPS_PROXY: 'http://10.0.0.1:3128' })
 */
export function proxyFor(to: Destination, environment: Environment): Proxy | 'unknown' | undefined {
  const value = (name: string): string => (environment[name.toLowerCase()] ?? '') || (environment[name] ?? '');
  const text = value(to.isSecure ? 'HTTPS_PROXY' : 'HTTP_PROXY') || value('ALL_PROXY');
  if (text === '' || isLoopback(to.host) || isSpared(to, value('NO_PROXY'))) return undefined;
  const url = URL.parse(/^[\w+.-]+:\/\//.test(text) ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol)) return 'unknown';
  const isSecure = url.protocol === 'https:';
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    isSecure,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    authorization: credentials === ':' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** `*`, a host, a domain with or without a dot before it, each with or without a port, an address, a range of addresses. */
function isSpared({ host, port }: Destination, list: string): boolean {
  const name = host.toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      if (entry.includes('/')) return isInRange(name, entry);
      const [, spared = entry, only] = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
      if (only !== undefined && Number(only) !== port) return false;
      const domain = spared.replace(/^\*?\./, '');
      return name === domain || name.endsWith(`.${domain}`);
    });
}

function isInRange(host: string, range: string): boolean {
  const family = isIP(host);
  const [start = '', bits] = range.split('/');
  if (family === 0 || isIP(start) !== family) return false;
  try {
    const list = new BlockList();
    list.addSubnet(start, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
    return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
  } catch {
    // No number of bits.
    return false;
  }
}
