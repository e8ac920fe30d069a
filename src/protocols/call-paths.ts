/** The paths of all LLM calls, their method before those that are no `POST`. In arming.cjs a shorter list of them stands in place of this file. */
import * as catalogue from './catalogue.ts';
import type { Protocol } from './protocol.ts';

export const CALL_PATHS: readonly string[] = Object.values<Protocol>(catalogue).flatMap(({ operations }) =>
  operations.map(({ path, method = '' }) => method + path),
);
