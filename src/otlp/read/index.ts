/** OTLP read: bytes to trees of plain values, and attributes. Answers of receivers (answer.ts) need no schema. */
export { addLoss, MAX_ATTRIBUTES, readAttributes, readText, type Losses } from './attributes.ts';
export { cut } from './cut.ts';
export { OtlpError } from './error.ts';
export { readJsonValue } from './json.ts';
export { itemsOf, type Item } from './items.ts';
export { eventNameOf, isNameOf, MAX_NAME_LENGTH, readScopeName } from './names.ts';
export { readProtobuf } from './protobuf.ts';
export { MAX_ITEMS, MAX_UNPACKED_BYTES, numberIn, numbersIn, stringIn, treeIn, treesIn, type Tree } from './tree.ts';
export { fieldsOf } from './wire-reader.ts';
