/** Calls that were redirected (307, 308) and wait for the request by which their client goes on. */
import { addressOf, type Target } from '../../hooks/http/target.ts';

/** Redirects remembered, the newest ones; protects the memory from a client that follows none. */
const MAX_WAITING = 64;

export class Redirects<Call> {
  readonly #waiting = new Map<string, Call>();

  /** `location` as the server wrote it: it may be relative to `from`. What is no address is followed by nobody. */
  add(from: Target, location: string, call: Call): void {
    const to = keyOfTarget(from, location);
    if (to === undefined) return;
    this.#waiting.set(to, call);
    if (this.#waiting.size <= MAX_WAITING) return;
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined) this.#waiting.delete(oldest);
  }

  /** Every request of the app is asked about. */
  has(request: Target): boolean {
    return this.#waiting.size > 0 && this.#waiting.has(keyOf(request));
  }

  take(request: Target): Call | undefined {
    if (this.#waiting.size === 0) return undefined;
    const key = keyOf(request);
    const call = this.#waiting.get(key);
    this.#waiting.delete(key);
    return call;
  }
}

function keyOf({ host, port, path }: Target): string {
  return `${host}\n${port}\n${path}`;
}

function keyOfTarget({ host, port, path }: Target, location: string): string | undefined {
  const scheme = port === 443 ? 'https' : 'http';
  try {
    const url = new URL(location, `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`);
    return keyOf({ ...addressOf(url), path: url.pathname + url.search });
  } catch {
    return undefined;
  }
}
