// The real programs of the stack in tests: what test files import.
import { afterAll, describe, jest } from '@jest/globals';
import { missingFor } from '../../../tools/stack-binaries.ts';
import { PARTS, type PartName, type StackOptions } from './parts.ts';
import { startStack as start, type Stack } from './stack.ts';

export { DEMO_LIMIT_MS, demoFile, demoInStack, type Demo, type DemoOptions } from './demo.ts';
export type { PartName, StackOptions } from './parts.ts';
export type { Exemplar, Sample } from './prometheus.ts';
export type { Stack } from './stack.ts';
export type { FoundTrace } from './tempo.ts';
export type { Notification } from './webhooks.ts';

/** A first start may build the programs, in minutes. */
export const START_LIMIT_MS = 20 * 60_000;

// Waiting has limits of its own (`until`), which say what was awaited.
jest.setTimeout(600_000);

const started: Stack[] = [];
// What a test that failed in its middle left running.
afterAll(async () => {
  for (const stack of started.splice(0)) await stack.stop();
});

/** As `startStack` of stack.ts; whatever is left at the end of the test file is stopped then. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const stack = await start(options);
  started.push(stack);
  return stack;
}

/**
 * Skipped, with what is missing and how to get it, where a part's program is neither there nor can be built; in CI that
 * is a failure.
 */
export function describeWith(...parts: readonly PartName[]): typeof describe.skip {
  const missing = parts.map((part) => missingFor(PARTS[part].binary)).filter((problem) => problem !== undefined);
  if (missing.length === 0) return describe;
  if (process.env['CI'] === 'true') throw new Error(missing.join('\n'));
  process.stderr.write(`skipped: ${missing.join('\nskipped: ')}\n`);
  return describe.skip;
}
