/** What a server asks of requests where a page of its own may ask, and no other page. */
import type { Asked } from './asked.ts';

export interface PageDoor {
  /** Paths that need no key, since they tell nothing of anybody. */
  readonly open: ReadonlySet<string>;
}

/** https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header. `none`: typed, or opened from a bookmark. */
const OURS: ReadonlySet<string | undefined> = new Set([undefined, 'same-origin', 'none']);

/**
 * Whether no other page asks. `Host` was compared with our names before, so an `Origin` that is exactly that host is ours. A link of
 * another page may lead to the page itself, which tells nothing without a key.
 */
export function isFromOwnPage({ headers, url, method }: Pick<Asked, 'headers' | 'url' | 'method'>, { open }: PageDoor): boolean {
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host ?? ''}`) return false;
  if (OURS.has(textOf(headers['sec-fetch-site']))) return true;
  const isNavigation = textOf(headers['sec-fetch-mode']) === 'navigate' && textOf(headers['sec-fetch-dest']) !== 'iframe';
  return isNavigation && method === 'GET' && open.has(url.split('?', 1)[0] ?? '');
}

const textOf = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(',') : value);
