/**
 * The program's own log: one JSON line per thing done, with start and end in ms since the Unix epoch. Off unless
 * SWARM_LOG names a file.
 */
import { appendFileSync } from 'node:fs';

const file = process.env.SWARM_LOG ?? '';

export const now = () => performance.timeOrigin + performance.now();

/** Appends one line. */
export function note(line) {
  if (file !== '') appendFileSync(file, `${JSON.stringify({ pid: process.pid, ...line })}\n`);
}

/**
 * Runs `work` and notes how long it took. `about` says what it was: `{ kind, name, worker, task }`; facts that are
 * known only
 * afterwards are added by `facts(result)`; `startedAt()` and `endedAt()` may say that it really began later and ended
 * earlier.
 */
export async function timed(about, work, { facts = () => ({}), startedAt = () => undefined, endedAt = () => undefined } = {}) {
  const called = now();
  let outcome = {};
  try {
    const result = await work();
    outcome = facts(result);
    return result;
  } catch (error) {
    outcome = { error: String(error.status ?? error.code ?? error.name) };
    throw error;
  } finally {
    note({ ...about, start: startedAt() ?? called, end: endedAt() ?? now(), ...outcome });
  }
}
