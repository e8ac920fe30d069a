/** The catalogue of observers: each line leads to a folder of the same name, and a folder without a line is found by the build. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as catalogue from '../../src/observers/catalogue.ts';
import { repository } from '../harness/paths.ts';

test('each folder has one line in the catalogue, and the observer has the name of its folder', () => {
  const folders = readdirSync(join(repository, 'src/observers'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(Object.values(catalogue).map(({ name }) => name)).toEqual(folders.map(({ name }) => name).sort());
});
