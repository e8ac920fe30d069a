// The parts of the build that read and write text: what is altered on the way, the typed door and the notices.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { builtInSource } from '../../tools/build/built-in-modules.ts';
import { newerThanTargets } from '../../tools/build/browsers.ts';
import { withLeanCheck } from '../../tools/build/lean-attributes.ts';
import { withLiteralNames } from '../../tools/build/literal-names.ts';
import { noticesOf, packagesIn } from '../../tools/build/notices.ts';
import { rollUp } from '../../tools/build/roll-up.ts';
import { commandFile, ensureBuilt, freshFolder, repository } from '../harness/index.ts';

function write(files: Readonly<Record<string, string>>): string {
  const folder = freshFolder('build');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('names of attributes', () => {
  test('are written out in object literals and nowhere else', () => {
    const source = 'const a = { [ATTR_ERROR_TYPE]: 1, [OTHER]: 2 }; a[ATTR_ERROR_TYPE] = 3;';
    expect(withLiteralNames(source)).toBe('const a = { "error.type": 1, [OTHER]: 2 }; a[ATTR_ERROR_TYPE] = 3;');
  });

  test('that are not in the registry end the build', () => {
    expect(() => withLiteralNames('({ [ATTR_MADE_UP]: 1 })')).toThrow('ATTR_MADE_UP is no attribute of the registry');
  });
});

describe("OpenTelemetry's check of values", () => {
  test('ends the build when its source has changed', () => {
    expect(() => withLeanCheck('function isAnyValue(val) {}', 'attributes.mjs')).toThrow('attributes.mjs has changed');
  });

  test('is the lean one in what is shipped', () => {
    ensureBuilt();
    const shipped = readFileSync(join(repository, 'dist/assembly.cjs'), 'utf8');
    expect(shipped).toMatch(/typeof \w+=="object"\?new WeakSet:void 0/);
  });
});

describe("Node's own modules in a program of ours", () => {
  const loadedBy = (...args: readonly string[]): string[] => {
    const folder = write({ 'list.mjs': 'process.on("exit", () => console.log("\\n" + JSON.stringify(process.moduleLoadList)));' });
    const printed = execFileSync(process.execPath, ['--import', join(folder, 'list.mjs'), commandFile, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: folder },
    });
    return (JSON.parse(printed.trim().split('\n').at(-1) ?? '') as string[]).filter((name) => /undici|http2|sqlite/.test(name));
  };

  test('come without what only a copy of their exports would load, and with the command that needs them', () => {
    ensureBuilt();
    expect(loadedBy('--version')).toEqual([]);
    expect(loadedBy('help', 'run')).toEqual(expect.arrayContaining(['NativeModule http2']));
    expect(loadedBy('help', 'run').filter((name) => name.includes('undici'))).toEqual([]);
  });

  test('that do not exist end the build', () => {
    expect(() => builtInSource('node:no-such')).toThrow('node:no-such is no built-in module');
  });
});

describe('the page of the local view', () => {
  test('may not call what its oldest browsers lack, nor style with it', () => {
    expect(newerThanTargets('a.toReversed();b.sort();AbortSignal.any([c])', 'p:has(a){color:red}')).toEqual([
      'toReversed',
      'AbortSignal.any',
      ':has(',
    ]);
    expect(newerThanTargets('a["toSorted"]();d.todifferent()', '')).toEqual(['toSorted']);
  });

  test('asks for nothing newer as it is shipped', () => {
    ensureBuilt();
    const shipped = readFileSync(join(repository, 'dist/view.html'), 'utf8');
    expect(newerThanTargets(shipped, shipped)).toEqual([]);
  });
});

describe('the typed door', () => {
  test('holds what the entry exports and what that names, once, and nothing else', () => {
    const folder = write({
      'index.d.ts':
        "import type { Used } from './inner.ts';\n/** About it. */\nexport declare function verb(used: Used): void;\nexport type { Used };\n",
      'inner.d.ts': 'export interface Used { deep: Deep }\nexport type Deep = 1 | 2;\nexport interface Unused { x: 1 }\n',
    });
    const text = rollUp(join(folder, 'index.d.ts'));
    expect(text).toContain('/** About it. */\ndeclare function verb(used: Used): void;');
    expect(text.match(/interface Used/g)).toHaveLength(1);
    expect(text).toContain('type Deep = 1 | 2;');
    expect(text).not.toContain('Unused');
    expect(text).toMatch(/export \{ Used, verb \};\n$/);
  });

  test('writes a computed type out, member by member, without the type it came from', () => {
    const folder = write({
      'index.d.ts': "import type { Inner } from './inner.ts';\nexport type Options = Pick<Inner, 'size'>;\n",
      'inner.d.ts':
        "import type { Gone } from 'gone';\nexport interface Inner {\n  /** How many. */\n  size?: number;\n  secret: Gone;\n}\n",
    });
    expect(rollUp(join(folder, 'index.d.ts'))).toContain('interface Options {\n    /** How many. */\n    size?: number | undefined;\n}');
  });

  test('refuses a type of a package', () => {
    const folder = write({
      'index.d.ts': "import type { Span } from 'tracing';\nexport declare function verb(span: Span): void;\n",
      'node_modules/tracing/index.d.ts': 'export interface Span { x: 1 }\n',
      'node_modules/tracing/package.json': '{ "name": "tracing", "types": "./index.d.ts" }',
    });
    expect(() => rollUp(join(folder, 'index.d.ts'))).toThrow('must stand alone, but one names Span');
  });

  test('refuses two types of one name', () => {
    const folder = write({
      'index.d.ts': "import type { A } from './a.ts';\nimport type { B } from './b.ts';\nexport declare function verb(a: A, b: B): void;\n",
      'a.d.ts': 'interface Same { a: 1 }\nexport interface A { same: Same }\n',
      'b.d.ts': 'interface Same { b: 1 }\nexport interface B { same: Same }\n',
    });
    expect(() => rollUp(join(folder, 'index.d.ts'))).toThrow('two types behind the door are called Same');
  });
});

describe('the notices', () => {
  const bundleOf = (inputs: Record<string, number>): Parameters<typeof noticesOf>[1][number] => ({
    entry: '',
    output: 'o',
    format: 'cjs',
    bytes: 1,
    metafile: {
      inputs: {},
      outputs: {
        o: {
          bytes: 1,
          exports: [],
          imports: [],
          inputs: Object.fromEntries(Object.entries(inputs).map(([name, bytesInOutput]) => [name, { bytesInOutput }])),
        },
      },
    },
  });

  test('name the packages of which something is left in a bundle, nested and scoped ones too', () => {
    const built = [
      bundleOf({ 'src/a.ts': 5, 'node_modules/left/out.js': 0, 'node_modules/@a/b/c/d.js': 1, 'node_modules/x/node_modules/y/z.js': 2 }),
    ];
    expect(packagesIn(built)).toEqual(['node_modules/@a/b', 'node_modules/x/node_modules/y']);
  });

  test('hold the licence texts, and the build refuses a package without one', async () => {
    const root = write({
      'node_modules/free/package.json': '{ "name": "free", "version": "1.2.3", "license": "MIT" }',
      'node_modules/free/LICENSE.md': 'Do as you like.',
      'node_modules/bare/package.json': '{ "name": "bare", "version": "1.0.0", "license": "MIT" }',
    });
    expect(await noticesOf(root, [bundleOf({ 'node_modules/free/i.js': 1 })])).toContain('free 1.2.3 (MIT)\n\nDo as you like.');
    await expect(noticesOf(root, [bundleOf({ 'node_modules/bare/i.js': 1 })])).rejects.toThrow(
      'bare 1.0.0 (MIT) is bundled but brings no licence file',
    );
  });
});
