// The processes of a run, by /proc.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));

/** The process of the gateway that `parent` has started. */
export function gatewayOf(parent: number): number | undefined {
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      // It has ended.
      return '';
    }
  };
  const found = readdirSync('/proc').find(
    (pid) =>
      read(`/proc/${pid}/cmdline`).includes('gateway.mjs') && new RegExp(`^PPid:\\s+${parent}$`, 'm').test(read(`/proc/${pid}/status`)),
  );
  return found === undefined ? undefined : Number(found);
}
