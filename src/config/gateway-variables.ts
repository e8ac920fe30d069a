/** What programs are told beside the addresses of a gateway: the user's own values, and that loopback needs no proxy. */

import { sparedHosts } from './no-proxy.ts';

/** `SWARMSCOPE_GATEWAY_THEIRS`: `NAME=value` by spaces, so that a shell can read it; nothing behind the sign: the user has none. */
export function theirsText(theirs: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(theirs)
    .map(([name, value = '']) => `${name}=${value.replaceAll(/\s/g, '%20')}`)
    .join(' ');
}

/** The user's own values by name; empty where there is no gateway. */
export function theirsIn(text: string | undefined): ReadonlyMap<string, string> {
  const pairs = (text ?? '').split(' ').filter((each) => /^[A-Z][A-Z0-9_]*=/.test(each));
  return new Map(pairs.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]));
}

/** Where the user has a proxy, Python's clients would ask it for 127.0.0.1 as well. */
export function sparingLoopback(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const hasProxy = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].some(
    (name) => isGiven(environment, name) || isGiven(environment, name.toLowerCase()),
  );
  if (!hasProxy) return {};
  const added: Record<string, string> = {};
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const spared = sparedHosts(environment[name] ?? environment[name === 'NO_PROXY' ? 'no_proxy' : 'NO_PROXY']);
    if (spared !== undefined) added[name] = spared;
  }
  return added;
}

function isGiven(environment: Readonly<Record<string, string | undefined>>, name: string): boolean {
  return (environment[name] ?? '') !== '';
}
