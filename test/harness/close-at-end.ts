// Whatever a test opens is closed at the end of its file, also where a case fails before it closes it: an open server
// keeps jest alive.
import { afterAll } from '@jest/globals';

const open = new Set<() => unknown>();

afterAll(async () => {
  for (const close of open) await close();
  open.clear();
});

/** Calls `close` at the end of the test file. Returns what forgets that, for what has been closed before. */
export function closeAtEnd(close: () => unknown): () => void {
  open.add(close);
  return () => void open.delete(close);
}
