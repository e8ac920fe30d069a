/** Writes the dialect rules as plain data. */
import { HEADER } from './constants.ts';
import type { Dialect } from './read-dialects.ts';

/** File name in `src/semconv/generated` to its text, not yet formatted. Order is kept: rules are tried from top to bottom. */
export function renderDialects(dialects: readonly Dialect[]): Record<string, string> {
  const data = JSON.stringify(dialects, null, 2);
  return {
    'dialects.ts': `${HEADER}\nimport type { Dialect } from '../types.ts';\n\nexport const DIALECTS: readonly Dialect[] = ${data};\n`,
  };
}
