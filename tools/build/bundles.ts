// The table of bundles and how esbuild makes one: tree-shaken from ES modules, minified, without source maps.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

import { builtInModules } from './built-in-modules.ts';
import { leanAttributes } from './lean-attributes.ts';
import { literalNames } from './literal-names.ts';
import { descriptions, lazyHalves, withoutDescriptions } from './observers.ts';
import { buildPage } from './page.ts';
import { callPaths, noReaders } from './protocols.ts';
import { writeWhole } from './write-whole.ts';

export interface Bundle {
  readonly entry: string;
  readonly output: string;
  /** `iife`: the page of the local view, one HTML file with its script and its style inside. */
  readonly format: 'cjs' | 'esm' | 'iife';
  /** Starts with a `#!` line and is executable. */
  readonly isCommand?: boolean;
  /** A program or a thread of ours, an ES module: nobody bundles it again, and Node's own modules need no copy in it. */
  readonly isOurs?: boolean;
  /** Default: the lowest Node of package.json. register.cjs and cli.mjs must be parsed by older ones. */
  readonly target?: string;
  /** Files that stand in for packages. */
  readonly alias?: Readonly<Record<string, string>>;
  /** Looked at before those that all bundles have. */
  readonly plugins?: readonly Plugin[];
}

export interface BuiltBundle extends Bundle {
  readonly bytes: number;
  readonly metafile: Metafile;
}

/** One row, one file in dist/. The preload loads only register.cjs; the others come when there is something to record. */
export const bundles: readonly Bundle[] = [
  { entry: 'src/register.ts', output: 'dist/register.cjs', format: 'cjs', target: 'node10' },
  { entry: 'src/arming.ts', output: 'dist/arming.cjs', format: 'cjs', plugins: [callPaths, noReaders, withoutDescriptions] },
  { entry: 'src/observers/catalogue.ts', output: 'dist/observers.cjs', format: 'cjs', plugins: [lazyHalves] },
  { entry: 'src/recording/index.ts', output: 'dist/recorder.cjs', format: 'cjs' },
  { entry: 'src/sdk/index.ts', output: 'dist/assembly.cjs', format: 'cjs' },
  { entry: 'src/sdk/exit-program.ts', output: 'dist/exit-sender.cjs', format: 'cjs' },
  {
    entry: 'src/sdk/machine-metrics/index.ts',
    output: 'dist/machine.cjs',
    format: 'cjs',
    // What OpenTelemetry's instrumentations bring along hooks modules, starts child processes and asks the app's providers; each stand-in says more.
    alias: {
      '@opentelemetry/instrumentation': './src/sdk/machine-metrics/instrumentation.ts',
      'systeminformation/lib/network.js': './src/sdk/machine-metrics/no-network.ts',
    },
  },
  { entry: 'src/machine/gpu/index.ts', output: 'dist/gpu.cjs', format: 'cjs' },
  {
    entry: 'src/machine/gpu/system-program.ts',
    output: 'dist/system-gpus.cjs',
    format: 'cjs',
    // The rest of the package asks for network, disks and users.
    alias: { systeminformation: './node_modules/systeminformation/lib/graphics.js' },
  },
  { entry: 'src/processes/scan-thread.ts', output: 'dist/process-scanner.mjs', format: 'esm', isOurs: true },
  { entry: 'src/processes/connection-thread.ts', output: 'dist/connection-holder.mjs', format: 'esm', isOurs: true },
  { entry: 'src/cli/ui/thread.ts', output: 'dist/view-thread.mjs', format: 'esm', isOurs: true },
  { entry: 'src/pricing/index.ts', output: 'dist/prices.cjs', format: 'cjs' },
  { entry: 'src/index.ts', output: 'dist/index.mjs', format: 'esm' },
  { entry: 'src/index.ts', output: 'dist/index.cjs', format: 'cjs' },
  { entry: 'src/cli/entry.ts', output: 'dist/cli.mjs', format: 'esm', target: 'node14.8', isCommand: true },
  { entry: 'src/gateway/program.ts', output: 'dist/gateway.mjs', format: 'esm', isOurs: true },
  { entry: 'src/cli/main.ts', output: 'dist/commands.mjs', format: 'esm', isOurs: true, plugins: [descriptions] },
  { entry: 'src/viewer/web/main.tsx', output: 'dist/view.html', format: 'iife' },
];

/** The lowest Node that the package promises to run on (package.json, engines). */
const target = 'node22.15';

const licence = '/*! swarmscope, Apache-2.0; parts of others: THIRD_PARTY_NOTICES.txt */';

/**
 * A CommonJS bundle has `__dirname` and `__filename` instead of import.meta; `import.meta.url` has no such name, so using it fails the build.
 */
const commonJsNames = { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' };

/** Builds one row of the table. Throws with esbuild's message when the sources do not bundle. */
export async function buildBundle(root: string, bundle: Bundle): Promise<BuiltBundle> {
  if (bundle.format === 'iife') return { ...bundle, ...(await buildPage(root, bundle)) };
  const isCommonJs = bundle.format === 'cjs';
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const banner = [bundle.isCommand === true ? '#!/usr/bin/env node' : '', licence];
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [bundle.entry],
    outfile: bundle.output,
    bundle: true,
    platform: 'node',
    format: bundle.format,
    target: bundle.target ?? target,
    conditions: ['import', 'module'],
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: false,
    treeShaking: true,
    alias: { ...bundle.alias },
    plugins: [...(bundle.plugins ?? []), ...(bundle.isOurs === true ? [builtInModules] : []), literalNames, leanAttributes],
    sourcemap: false,
    legalComments: 'none',
    charset: 'utf8',
    loader: { '.html': 'text', '.css': 'text', '.yaml': 'text' },
    define: { __SWARMSCOPE_VERSION__: JSON.stringify(version), ...(isCommonJs ? commonJsNames : {}) },
    banner: { js: banner.filter((line) => line !== '').join('\n') },
    logOverride: { 'empty-import-meta': 'error', 'require-resolve-not-external': 'error' },
    logLevel: 'warning',
    metafile: true,
    write: false,
  });
  for (const { path, contents } of outputFiles) await writeWhole(path, contents, bundle.isCommand === true ? 0o755 : 0o644);
  return { ...bundle, bytes: metafile.outputs[bundle.output]?.bytes ?? 0, metafile };
}
