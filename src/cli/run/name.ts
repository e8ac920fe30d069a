/** The id of a run, and its name where the user gives none. */
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';

/** Readable, and no other run's on any machine: `20261121-134501-a3f0c19be2774d05`, of which a beginning is enough. */
export function newRunId(now: Date): string {
  const digits = now.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(8).toString('hex')}`;
}

/** `node swarm.js` is called `swarm`. The name has no folders in it, since names are shown. */
export function programName([file, ...args]: readonly [string, ...string[]]): string {
  // Code given on the command line is content: it must not become a name.
  const hasCode = args.some((arg) => /^(?:-[a-z]*[ep]|--eval|--print|-c)$/.test(arg));
  const script = hasCode ? undefined : args.find((arg) => !arg.startsWith('-') && /^[\w./\\@-]+$/.test(arg));
  const isRunner = /^(?:node|tsx|npx|bun|deno|python3?)(?:\.exe)?$/.test(basename(file));
  return basename(isRunner && script !== undefined ? script : file).replace(/\.[cm]?[jt]s$/, '') || 'run';
}
