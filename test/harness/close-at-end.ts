// Whatever a test opens is closed at the end of its file, also where a case fails before it closes it: an open server
// keeps jest alive.
import { afterAll } from '@jest/globals';

const open = new Set<() => unknown>();

// This hook runs before those of the test file, which may close the same things once more.
afterAll(async () => {
  for (const close of open) await close();
});

/** Returns a `close` that does its work once, however often it is called: by the test, and at the end of the test file. */
export function closeAtEnd<Result>(close: () => Result): () => Result | undefined {
  const once = (): Result | undefined => (open.delete(once) ? close() : undefined);
  open.add(once);
  return once;
}
