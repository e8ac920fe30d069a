// What stands in arming.cjs in place of the catalogue of protocols: the `endpoint.ts` of each, without its readers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { madeFile } from './made-file.ts';

const catalogueFile = join(import.meta.dirname, '../../src/protocols/catalogue.ts');

/** The readers come with observers.cjs, at the first LLM call. */
export const endpointHalves = madeFile(catalogueFile, () => readFileSync(catalogueFile, 'utf8').replaceAll('/index.ts', '/endpoint.ts'));
