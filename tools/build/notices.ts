// The licences of what the bundles really contain, read from esbuild's account of its inputs.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltBundle } from './bundles.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** Folders (`node_modules/@a/b`) of the packages of which at least one byte is in a bundle, sorted. */
export function packagesIn(built: readonly Pick<BuiltBundle, 'metafile'>[]): string[] {
  const folders = new Set<string>();
  for (const { metafile } of built) {
    for (const output of Object.values(metafile.outputs)) {
      for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
        const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
        if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
      }
    }
  }
  return [...folders].sort();
}

/** One text with name, version and licence of each bundled package. Throws when a package brings no licence text. */
export async function noticesOf(root: string, built: readonly BuiltBundle[]): Promise<string> {
  const sections = new Map<string, string>();
  for (const folder of packagesIn(built)) {
    const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as Manifest;
    const title = `${manifest.name} ${manifest.version} (${manifest.license ?? 'licence below'})`;
    sections.set(title, await licenceOf(join(root, folder), title));
  }
  const opening = 'swarmscope contains parts of these packages. Each stands under its own licence.';
  const rule = '-'.repeat(79);
  return [opening, ...[...sections].map(([title, text]) => `${rule}\n${title}\n\n${text.trim()}`)].join('\n\n').concat('\n');
}

async function licenceOf(folder: string, title: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name)).sort();
  if (names.length === 0) throw new Error(`${title} is bundled but brings no licence file; add its text or leave the package out`);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.join('\n\n');
}
