// Keeps the readers of the LLM protocols out of arming.cjs: there a protocol is its `endpoint.ts`, which tells its requests from all others.
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const CATALOGUE = join('src', 'protocols', 'catalogue.ts');

/** Each line of the catalogue leads to the folder's `endpoint.ts`; the readers come with observers.cjs, at the first LLM call. */
export const endpointHalves: Plugin = {
  name: 'endpoint-halves',
  setup(build) {
    build.onResolve({ filter: /^\.\/[\w-]+\/index\.ts$/ }, ({ path, importer, resolveDir }) =>
      importer.endsWith(CATALOGUE) ? { path: join(resolveDir, path.replace('index.ts', 'endpoint.ts')) } : undefined,
    );
  },
};
