/** Whether a process of the run still lives: the gateway goes only when nobody is left who was told its address. */
import { readdirSync } from 'node:fs';
import { readBytes } from '../config/small-file.ts';

/** Longest environment that is read; the kernel's own bound is larger than any that was ever seen. */
const MAX_ENVIRONMENT_BYTES = 4_194_304;

/** undefined where processes cannot be listed with their environments: not Linux, or hidden. */
export function livesAny(runId: string, exceptPid = process.pid): boolean | undefined {
  const mark = Buffer.from(`SWARMSCOPE_RUN_ID=${runId}\0`);
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    // Not Linux.
    return undefined;
  }
  let isReadable = false;
  for (const name of names) {
    if (!/^\d+$/.test(name) || Number(name) === exceptPid) continue;
    const environment = readBytes(`/proc/${name}/environ`, MAX_ENVIRONMENT_BYTES);
    if (environment === undefined || environment.length === 0) continue;
    isReadable = true;
    if (environment.includes(mark)) return true;
  }
  return isReadable ? false : undefined;
}
