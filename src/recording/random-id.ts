/** Short ids for tasks and batches: unique within a run, not secret. */
import { randomBytes } from 'node:crypto';

export function randomId(): string {
  return randomBytes(8).toString('hex');
}
