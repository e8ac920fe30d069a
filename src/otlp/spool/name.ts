/** Names of the files of the spool, by which requests are bounded, ordered and handed over without opening them. */

export interface SpoolName {
  readonly name: string;
  /** When it was kept, epoch milliseconds. */
  readonly time: number;
  readonly items: number;
  readonly bytes: number;
  readonly claim: Claim | undefined;
}

export interface Claim {
  readonly pid: number;
  /** The machine or container in which that pid means something. */
  readonly host: string;
  readonly time: number;
}

/** Longer than any send with its timeout: an older claim is void, as is one from a clock that was ahead. */
const STALE_CLAIM_MS = 600_000;
const NAME = /^(\d{13})-[0-9a-f]{12}-(\d{1,9})-(\d{1,9})\.otlp(?:\.(\d{1,10})-([0-9a-f]{8})-(\d{13}))?$/;

/** @param unique twelve hexadecimal digits */
export function spoolName({ time, items, bytes, unique }: { time: number; items: number; bytes: number; unique: string }): string {
  return `${String(Math.floor(time)).padStart(13, '0')}-${unique}-${items}-${bytes}.otlp`;
}

/** Undefined: not a file of the spool. */
export function parseSpoolName(name: string): SpoolName | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const [, time, items, bytes, pid, host, claimed] = match;
  const claim = host === undefined ? undefined : { pid: Number(pid), host, time: Number(claimed) };
  return { name, time: Number(time), items: Number(items), bytes: Number(bytes), claim };
}

export const unclaimedName = (name: string): string => name.replace(/\.otlp\..*$/, '.otlp');

export function claimedName(name: string, { pid, host, time }: Claim): string {
  return `${unclaimedName(name)}.${pid}-${host}-${String(Math.floor(time)).padStart(13, '0')}`;
}

/** Whether somebody may take it: nobody claims it, or the one who did is gone. */
export function isFree({ claim }: SpoolName, here: { host: string; now: number; isAlive: (pid: number) => boolean }): boolean {
  if (claim === undefined || Math.abs(here.now - claim.time) > STALE_CLAIM_MS) return true;
  return claim.host === here.host && !here.isAlive(claim.pid);
}
