/** The dialects, a file each, as one text in their order. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

export const DIALECTS_FOLDER = 'src/semconv/dialects';
const INDEX = 'index.yaml';

/** `root`: of the repository. Throws an `Error` that names a file without a place in the order, and a place without a file. */
export function dialectText(root: string): string {
  const folder = join(root, DIALECTS_FOLDER);
  const read = (file: string): unknown => parse(readFileSync(join(folder, file), 'utf8'));
  const { order = [] } = read(INDEX) as { order?: readonly string[] };
  const files = readdirSync(folder).filter((file) => file !== INDEX);
  const wanted = order.map((name) => `${name}.yaml`);
  const [lost, left] = [wanted.filter((file) => !files.includes(file)), files.filter((file) => !wanted.includes(file))];
  if (lost.length > 0) throw new Error(`${DIALECTS_FOLDER}/${INDEX} names ${lost.join(', ')}, which is not there`);
  if (left.length > 0) throw new Error(`${DIALECTS_FOLDER}/${left.join(', ')} has no place in the order of ${INDEX}`);
  return stringify({ dialects: wanted.map(read) }, { aliasDuplicateObjects: false });
}
