// Joins the declaration files behind a door into one text, so that the package's types need no folder of files.
import { dirname, join } from 'node:path';

const relativeFrom = /\bfrom\s+['"](\.[^'"]+)['"]/;
const statement = /^(?:import|export)\s[^;]*?\bfrom\s+['"][^'"]+['"];?$/gm;
const exportedDeclaration = /^export (?=(?:declare |interface |type |abstract |const |function |class |enum ))/gm;

/**
 * Declarations of `entry` and of everything it imports by relative path, dependencies first. Only what `entry` itself exports stays exported.
 * Throws on an import from a package or with another name (`a as b`): the door must not need either.
 */
export async function rollUp(entry: string, read: (path: string) => Promise<string>): Promise<string> {
  const bodies = new Map<string, string>();
  const exported = new Set<string>();
  await visit(entry, true);
  return `${[...bodies.values()].filter((body) => body !== '').join('\n')}\nexport { ${[...exported].sort().join(', ')} };\n`;

  async function visit(path: string, isEntry: boolean): Promise<void> {
    if (bodies.has(path)) return;
    bodies.set(path, '');
    const source = await read(path);
    for (const [line] of source.matchAll(statement)) {
      const target = relativeFrom.exec(line)?.[1];
      if (target === undefined) throw new Error(`the types of the package must stand alone, but one needs: ${line}`);
      if (/\bas\b|\*/.test(line)) throw new Error(`export and import types by their own name, not: ${line}`);
      if (isEntry && line.startsWith('export')) for (const name of namesIn(line)) exported.add(name);
      await visit(join(dirname(path), target.replace(/\.ts$/, '.d.ts')), false);
    }
    const body = source.replace(statement, '').replace(/^export \{\};?$/gm, '');
    if (isEntry)
      for (const [, name] of body.matchAll(/^export (?:declare )?(?:abstract )?(?:interface|type|const|function|class|enum) (\w+)/gm))
        exported.add(name ?? '');
    bodies.set(
      path,
      body
        .replace(exportedDeclaration, '')
        .replace(/^(?=(?:const|function|class|enum|abstract) )/gm, 'declare ')
        .trim(),
    );
  }
}

function namesIn(line: string): string[] {
  const list = /\{([^}]*)\}/.exec(line)?.[1] ?? '';
  return list
    .split(',')
    .map((name) => name.replace(/\btype\b/, '').trim())
    .filter((name) => name !== '');
}
