/** Clients of some languages send also what goes to this machine to a proxy that is named: `NO_PROXY` spares it. Pure. */

export const LOOPBACK = ['127.0.0.1', 'localhost'];

/** The value of `NO_PROXY` with this machine in it; undefined where it spares all hosts already. @example sparedHosts('corp') */
export function sparedHosts(value = ''): string | undefined {
  const listed = value.split(',').map((host) => host.trim());
  if (listed.includes('*')) return undefined;
  return [...listed.filter((host) => host !== ''), ...LOOPBACK.filter((host) => !listed.includes(host))].join(',');
}
