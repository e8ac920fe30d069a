/** Cases that need programs which Go builds, beside those of the stack. */
import { describe, jest } from '@jest/globals';
import { missingFor, type BinaryName } from '../../../tools/stack-binaries.ts';

// A first use builds the program, in minutes.
jest.setTimeout(20 * 60_000);

/** Skipped, with what is missing and how to get it, where a program is neither there nor can be built; in CI that is a failure. */
export function describeWithPrograms(...binaries: readonly BinaryName[]): typeof describe.skip {
  const missing = binaries.map(missingFor).filter((problem) => problem !== undefined);
  if (missing.length === 0) return describe;
  if (process.env['CI'] === 'true') throw new Error(missing.join('\n'));
  process.stderr.write(`skipped: ${missing.join('\nskipped: ')}\n`);
  return describe.skip;
}
