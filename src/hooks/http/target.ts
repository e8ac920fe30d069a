/** Where a request goes that is sent to a proxy: its path is then a whole URL (RFC 9112, section 3.2.2). */
export interface Target {
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** With query. */
  readonly path: string;
}

const SLASH = 0x2f;

/** `undefined` for a path that begins with a slash, as nearly all do. */
export function targetIn(path: string): Target | undefined {
  if (path.charCodeAt(0) === SLASH) return undefined;
  const url = URL.parse(path);
  return url?.host === undefined || url.host === '' ? undefined : { ...addressOf(url), path: url.pathname + url.search };
}

export function addressOf({ hostname, port, protocol }: URL): Omit<Target, 'path'> {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}
