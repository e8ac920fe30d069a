/**
 * The bundles to measure: built from the sources as they are now, into a folder of their own, so that nobody replaces
 * them meanwhile.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildBundle, bundles } from '../tools/build/bundles.ts';

const root = join(import.meta.dirname, '..');

/** Returns the folder that holds `register.cjs` and what it loads. `given` (an older build) is returned as it is. */
export async function builtFolder(given?: string): Promise<string> {
  if (given !== undefined && given !== '') return given;
  const folder = await mkdtemp(join(tmpdir(), 'swarmscope-bench-'));
  for (const bundle of bundles.filter(({ format, output }) => format === 'cjs' || output === 'dist/gateway.mjs')) {
    await buildBundle(root, { ...bundle, output: join(folder, basename(bundle.output)) });
  }
  return folder;
}
