// Proves that jest loads the sources as they are written: types, `.ts` imports, import.meta, ES-module-only packages.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import PQueue from 'p-queue';
import { DatabaseSync } from 'node:sqlite';
import * as table from '../../src/config/settings/table.ts';

describe('jest', () => {
  test('loads a TypeScript source by its extension', () => {
    expect(typeof table).toBe('object');
  });
  test('gives a test its own path', () => {
    expect(import.meta.dirname).toBe(dirname(fileURLToPath(import.meta.url)));
    expect(join(import.meta.dirname, 'jest.test.ts')).toBe(import.meta.filename);
  });
  test('loads packages that are published as ES modules only', () => {
    expect(typeof PQueue).toBe('function');
  });
  test('loads built-in modules that have no name without the node: prefix', () => {
    expect(typeof DatabaseSync).toBe('function');
  });
});
