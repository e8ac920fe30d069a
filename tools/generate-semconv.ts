/**
 * Generates constants, content mask and reference tables from src/semconv/registry.yaml.
 * `node tools/generate-semconv.ts` writes; `--check` writes nothing and exits 1 when something is stale; `--root DIR` works on another tree.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import {
  DIALECTS_FOLDER,
  dialectText,
  lint,
  lintDialects,
  readDialects,
  readRegistry,
  renderConstants,
  renderDialects,
  renderDocs,
} from './semconv/index.ts';

const STYLE = { printWidth: 140, singleQuote: true, trailingComma: 'all' } as const;
const GENERATED = 'src/semconv/generated';

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string', default: join(import.meta.dirname, '..') } },
});

try {
  const files = await generate(values.root);
  const stale = values.check ? findStale(values.root, files) : [];
  if (stale.length > 0)
    fail(
      stale.map((line) => `stale: ${line}`),
      'Run `node tools/generate-semconv.ts` and commit what it writes.',
    );
  if (!values.check) write(values.root, files);
  process.stdout.write(`semconv: ${Object.keys(files).length} files ${values.check ? 'are up to date' : 'written'}\n`);
} catch (error) {
  fail([error instanceof Error ? error.message : String(error)], `Mend src/semconv/registry.yaml or ${DIALECTS_FOLDER}.`);
}

/** Every generated file, by its path below the root. */
async function generate(root: string): Promise<Record<string, string>> {
  const registry = readRegistry(readFileSync(join(root, 'src/semconv/registry.yaml'), 'utf8'));
  const dialects = readDialects(dialectText(root));
  const problems = [...lint(registry), ...lintDialects(dialects, registry)];
  if (problems.length > 0) fail(problems, `Mend src/semconv/registry.yaml or ${DIALECTS_FOLDER}.`);
  const constants = { ...renderConstants(registry), ...renderDialects(dialects) };
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(constants))
    files[`${GENERATED}/${name}`] = await format(text, { ...STYLE, parser: 'typescript' });
  for (const [name, text] of Object.entries(renderDocs(registry))) files[`docs/reference/${name}`] = text;
  return files;
}

function findStale(root: string, files: Record<string, string>): string[] {
  const changed = Object.keys(files).filter((path) => read(join(root, path)) !== files[path]);
  return [...changed, ...leftOver(root, files).map((path) => `${path} (nothing generates it any more)`)];
}

function write(root: string, files: Record<string, string>): void {
  for (const path of leftOver(root, files)) rmSync(join(root, path));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Files in the generated folder that no entry makes now. */
function leftOver(root: string, files: Record<string, string>): string[] {
  try {
    return readdirSync(join(root, GENERATED))
      .map((name) => `${GENERATED}/${name}`)
      .filter((path) => files[path] === undefined);
  } catch {
    return []; // Expected: ENOENT, the folder is made by the first write.
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // Expected: ENOENT, which is the most stale a file can be.
  }
}

function fail(lines: readonly string[], next: string): never {
  process.stderr.write(`${lines.map((line) => `semconv: ${line}`).join('\n')}\n${next}\n`);
  process.exit(1);
}
