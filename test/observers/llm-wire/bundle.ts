/** Builds the test preload once per test run. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Path of the bundled preload, CommonJS, for `--require`. */
export function bundlePreload(): string {
  const outfile = join(mkdtempSync(join(tmpdir(), 'llm-wire-')), 'preload.cjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'preload.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    logLevel: 'error',
  });
  return outfile;
}
