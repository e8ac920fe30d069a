// Bundles a text that is made at build time in place of a source file.
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

/** `contents` stands in for `file`, an absolute path. */
export function madeFile(file: string, contents: () => string): Plugin {
  return {
    name: 'made-file',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) =>
        path === file ? { contents: contents(), loader: 'ts', resolveDir: dirname(path) } : undefined,
      );
    },
  };
}
