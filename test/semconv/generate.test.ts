/** The generator as a command: what it writes, when it calls files stale, and what it says about a broken registry. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const generator = resolve('tools/generate-semconv.ts');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'semconv-'));
  cpSync('src/semconv', join(root, 'src/semconv'), { recursive: true });
  cpSync('docs/reference', join(root, 'docs/reference'), { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true }));

function generate(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [generator, '--root', root, ...args], { encoding: 'utf8' });
}

function generated(): Record<string, string> {
  const folders = ['src/semconv/generated', 'docs/reference'];
  return Object.fromEntries(folders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => [name, read(`${folder}/${name}`)])));
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

describe('the generator', () => {
  test('finds the committed files up to date', () => {
    expect(generate('--check')).toMatchObject({ status: 0, stderr: '' });
  });

  test('writes the same bytes again, also into an empty folder', () => {
    const before = generated();
    rmSync(join(root, 'src/semconv/generated'), { recursive: true });
    expect(generate().status).toBe(0);
    expect(generated()).toEqual(before);
  });

  test('says in the first line of each file that it is generated and by what', () => {
    const files = Object.entries(generated());
    expect(files.length).toBeGreaterThanOrEqual(10);
    for (const [, text] of files) expect(text.split('\n')[0]).toMatch(/Generated from .* by tools\/generate-semconv\.ts\. Do not edit\./);
  });

  test('with --check names a file that was edited by hand, says what to run, and leaves it', () => {
    appendFileSync(join(root, 'src/semconv/generated/events.ts'), '// mine\n');
    const { status, stderr } = generate('--check');
    expect(status).toBe(1);
    expect(stderr).toContain('stale: src/semconv/generated/events.ts');
    expect(stderr).toContain('Run `node tools/generate-semconv.ts`');
    expect(read('src/semconv/generated/events.ts')).toContain('// mine');
  });

  test('with --check names a file that is missing', () => {
    unlinkSync(join(root, 'docs/reference/metrics.md'));
    expect(generate('--check')).toMatchObject({ status: 1, stderr: expect.stringContaining('stale: docs/reference/metrics.md') });
  });

  test('with --check names every file that a change of the registry reaches', () => {
    const registry = read('src/semconv/registry.yaml');
    writeFileSync(join(root, 'src/semconv/registry.yaml'), registry.replace('Execution time of one task', 'Time of one task'));
    const { status, stderr } = generate('--check');
    expect(status).toBe(1);
    expect(stderr).toContain('generated/metrics.ts');
    expect(stderr).toContain('docs/reference/metrics.md');
    expect(stderr).not.toContain('attributes');
  });

  test('takes away a generated file that nothing makes any more', () => {
    writeFileSync(join(root, 'src/semconv/generated/old.ts'), '');
    expect(generate('--check')).toMatchObject({ status: 1, stderr: expect.stringContaining('old.ts (nothing generates it any more)') });
    expect(generate().status).toBe(0);
    expect(Object.keys(generated())).not.toContain('old.ts');
  });

  test('writes nothing when the registry breaks a rule, and names the rule', () => {
    const registry = read('src/semconv/registry.yaml');
    writeFileSync(join(root, 'src/semconv/registry.yaml'), registry.replace('key: swarmscope.task.type', 'key: swarmscope.Task.type'));
    const before = generated();
    const { status, stderr } = generate();
    expect(status).toBe(1);
    expect(stderr).toContain('swarmscope.Task.type: use lower-case words');
    expect(generated()).toEqual(before);
  });

  test('makes of a planned name a row of the content mask and nothing else', () => {
    const registry = read('src/semconv/registry.yaml');
    const live = `    brief: Name of the scheduler.
    stability: development
    annotations: { swarmscope: { content: name`;
    expect(registry).toContain(live);
    writeFileSync(
      join(root, 'src/semconv/registry.yaml'),
      registry.replace(live, `${live}, status: planned`).replace('run_batch {swarmscope.scheduler.name}', 'run_batch'),
    );
    expect(generate()).toMatchObject({ status: 0, stderr: '' });
    const files = Object.entries(generated()).filter(([, text]) => /swarmscope[._]scheduler[._]name/i.test(text));
    expect(files.map(([name]) => name)).toEqual(['content-mask.ts']);
  });

  test('says which entry is broken when the registry cannot be read', () => {
    writeFileSync(join(root, 'src/semconv/registry.yaml'), 'file_format: definition/2\nattributes: [{ key: a.b, type: int }]\n');
    expect(generate()).toMatchObject({ status: 1, stderr: expect.stringContaining('a.b needs a text called brief') });
  });

  test('says which file of a dialect has no place in the order, and which place has no file', () => {
    const folder = join(root, 'src/semconv/dialects');
    writeFileSync(join(folder, 'another.yaml'), 'name: another\n');
    expect(generate('--check')).toMatchObject({ status: 1, stderr: expect.stringContaining('another.yaml has no place in the order') });
    unlinkSync(join(folder, 'another.yaml'));
    unlinkSync(join(folder, 'codex.yaml'));
    expect(generate('--check')).toMatchObject({ status: 1, stderr: expect.stringContaining('names codex.yaml, which is not there') });
  });

  test('makes constants that a bundler drops when nobody uses them', () => {
    const entry = `import { ATTR_ERROR_TYPE } from ${JSON.stringify(resolve('src/semconv/index.ts'))}; globalThis.kept = ATTR_ERROR_TYPE;`;
    const args = [resolve('node_modules/esbuild/bin/esbuild'), '--bundle', '--format=esm', '--minify'];
    const bundle = execFileSync(args[0] ?? '', args.slice(1), { input: entry, encoding: 'utf8' });
    expect(bundle).toContain('error.type');
    expect(bundle.length).toBeLessThan(200);
  });
});
