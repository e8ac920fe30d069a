// Every protocol of the catalogue, by the one suite: its table stands in the folder of its name.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import * as catalogue from '../../src/protocols/catalogue.ts';
import { bodyCases } from './body.cases.ts';
import { protocolCases, type ProtocolTable } from './protocol.cases.ts';

const kebab = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const names = Object.keys(catalogue).map(kebab);

test('every folder of a protocol has its line in the catalogue', () => {
  const source = join(import.meta.dirname, '../../src/protocols');
  const folders = readdirSync(source).filter((name) => existsSync(join(source, name, 'endpoint.ts')));
  expect(folders.toSorted()).toEqual(names.toSorted());
});

describe.each(Object.entries(catalogue))('%s', (key, protocol) => {
  const { table } = jest.requireActual<{ table: ProtocolTable }>(join(import.meta.dirname, kebab(key), 'cases.ts'));
  protocolCases(protocol, table);
  bodyCases(protocol, table);
});
