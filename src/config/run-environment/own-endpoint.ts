/** Whether an address is that of a run's receiver: what we told a process is no choice of the user's. Pure. */

/** `any` names the server that `endpoint` names, whatever the path. False without an endpoint. */
export function isAtEndpoint(any: string | undefined, endpoint: string | undefined): boolean {
  const origin = originOf(endpoint);
  return origin !== undefined && origin === originOf(any);
}

/** @example originOf('http://127.0.0.1:4000/KEY') // 'http://127.0.0.1:4000' */
export function originOf(url: string | undefined): string | undefined {
  return /^https?:\/\/[^/?#]+/i.exec(url ?? '')?.[0].toLowerCase();
}
