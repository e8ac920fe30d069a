/** About the memory that rows need while they wait to be written. */
import type { Attributes } from '../../analysis/model.ts';

const ROW_BYTES = 400;
const VALUE_BYTES = 16;

export function sizeOf(rows: readonly { readonly attributes: Attributes }[]): number {
  let bytes = 0;
  for (const { attributes } of rows) {
    bytes += ROW_BYTES;
    for (const name in attributes) {
      const value = attributes[name];
      bytes += name.length + (typeof value === 'string' ? value.length : VALUE_BYTES * (Array.isArray(value) ? value.length : 1));
    }
  }
  return bytes;
}
