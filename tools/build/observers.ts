// What is bundled in place of the observers' catalogue: their lazy halves in the preload, their descriptions alone in the command.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import * as catalogue from '../../src/observers/catalogue.ts';
import { madeFile } from './made-file.ts';

const folder = join(import.meta.dirname, '../../src/observers');
const catalogueFile = join(folder, 'catalogue.ts');
const LINE = /^export \{ observer as (\w+) \} from '\.\/([\w-]+)\/index\.ts';$/;

/** The preload reads no settings before its first event: this bundle brings what reads them. */
const settings = [
  "export { aloneSettings } from '../config/settings/alone.ts';",
  "export { readSettings } from '../config/settings/index.ts';",
  "export { firstPolicies } from '../config/policies/first.ts';",
];

/** `lazy.ts` of each observer, under its key in the catalogue. Throws for a line of another form, and for a folder without a line. */
export const lazyHalves = madeFile(catalogueFile, () => {
  const lines = readFileSync(catalogueFile, 'utf8')
    .split('\n')
    .filter((line) => !/^(?:\/\*\*.*| \*.*|)$/.test(line));
  const rows = lines.map((line) => {
    const [, key, name] = LINE.exec(line) ?? [];
    if (key === undefined || name === undefined) throw new Error(`src/observers/catalogue.ts: not understood: ${line}`);
    return { key, name };
  });
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    if (!rows.some((row) => row.name === name)) throw new Error(`src/observers/${name}/ has no line in src/observers/catalogue.ts`);
  }
  const withLazy = rows.filter(({ name }) => existsSync(join(folder, name, 'lazy.ts')));
  return [...settings, ...withLazy.map(({ key, name }) => `export * as ${key} from './${name}/lazy.ts';`)].join('\n');
});

const DESCRIPTION = /^ {2}watches: [^]*?^ {2}how: '\w+',\n/m;

/** The observers as the preload needs them: without the words that only `doctor` shows. Throws for an observer that has none. */
export const withoutDescriptions: Plugin = {
  name: 'without-descriptions',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]observers[\\/][\w-]+[\\/]index\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      if (!DESCRIPTION.test(source)) throw new Error(`${path}: no description (watches, how) was found`);
      return { contents: source.replace(DESCRIPTION, ''), loader: 'ts' };
    });
  },
};

/** The catalogue without what arms: the command lists observers and subscribes to nothing. */
export const descriptions = madeFile(catalogueFile, () =>
  Object.entries(catalogue)
    .map(([key, { name, watches, how }]) => `export const ${key} = ${JSON.stringify({ name, watches, how })};`)
    .join('\n'),
);
