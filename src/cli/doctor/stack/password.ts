/** The password of the stack, from a file: an argument would be seen by every user of the machine. */
import { existsSync } from 'node:fs';
import { readPrivate } from '../../../config/small-file.ts';
import { problem, type StackFinding } from './finding.ts';

/** Where the README has it made, in a clone. */
export const PASSWORD_FILE = 'secrets/grafana_admin';
/** A password is a line. */
const MAX_BYTES = 1_024;

export interface Password {
  /** Empty when there is none; never shown. */
  readonly text: string;
  readonly findings: readonly StackFinding[];
}

/** Of `file`, which must be readable; else of the usual file, if it is there. */
export function readPassword(file: string | undefined): Password {
  if (file === undefined && !existsSync(PASSWORD_FILE)) return { text: '', findings: [] };
  const path = file ?? PASSWORD_FILE;
  const text = firstLine(path);
  if (text !== undefined && text !== '') return { text, findings: [] };
  const says = `${path} is not a file of yours, which nobody else can change, with a password in its first line`;
  return { text: '', findings: [problem('settings', says, 'swarmscope doctor --stack --password-file FILE; the README makes one')] };
}

/**
 * Follows no link: the line is sent to a port of this machine, and agents write in working folders. Others may read it,
 * as Grafana's container does; the folder around it is closed.
 */
function firstLine(path: string): string | undefined {
  const own = process.getuid?.();
  const text = readPrivate(path, MAX_BYTES, ({ mode, uid, nlink }) => (mode & 0o022) === 0 && nlink === 1 && uid === (own ?? uid));
  return text?.toString('utf8').split('\n', 1)[0]?.trim();
}
