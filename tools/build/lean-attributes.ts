// OpenTelemetry's check of an attribute's value makes a set of what it has visited, also for a text or a number, which visits nothing. Thirty weak
// sets for each LLM call made its share of garbage collection a third of its cost: the set is made for lists and objects alone.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const WHOLE = 'return isAnyValueInternal(val, /* @__PURE__ */ new WeakSet());';
const LEAN = 'return isAnyValueInternal(val, typeof val === "object" ? new WeakSet() : undefined);';

/** Throws where the package no longer reads as it did: then this file is to be looked at again. */
export function withLeanCheck(source: string, path: string): string {
  if (!source.includes(WHOLE)) throw new Error(`${path} has changed: is tools/build/lean-attributes.ts still needed?`);
  return source.replace(WHOLE, LEAN);
}

export const leanAttributes: Plugin = {
  name: 'lean-attributes',
  setup(build) {
    build.onLoad({ filter: /[\\/]@opentelemetry[\\/]core[\\/]dist[\\/]common[\\/]attributes\.mjs$/ }, async ({ path }) => ({
      contents: withLeanCheck(await readFile(path, 'utf8'), path),
      loader: 'js',
    }));
  },
};
