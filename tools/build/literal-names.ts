// Writes `{ [ATTR_X]: value }` as `{ 'x': value }` in what is bundled: with literal names an object is made in one step, by its shape; with
// computed ones V8 adds name after name through the runtime, which was a tenth of what an LLM call cost.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import * as attributes from '../../src/semconv/generated/attributes.ts';

const NAMES = new Map<string, string>(Object.entries(attributes));
const COMPUTED = /\[(ATTR_[A-Z0-9_]+)\]:/g;

/** Returns the source with literal names. Throws on a name that the registry does not have. */
export function withLiteralNames(source: string): string {
  return source.replaceAll(COMPUTED, (_, constant: string) => {
    const name = NAMES.get(constant);
    if (name === undefined) throw new Error(`${constant} is no attribute of the registry`);
    return `${JSON.stringify(name)}:`;
  });
}

export const literalNames: Plugin = {
  name: 'literal-names',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: withLiteralNames(await readFile(path, 'utf8')),
      loader: 'ts',
    }));
  },
};
