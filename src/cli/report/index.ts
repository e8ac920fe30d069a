/** The report as text and as JSON, and how text may look. */
export { renderJson, type JsonReport } from './json.ts';
export { count, duration, money, plural } from './numbers.ts';
export { columns, table, type Style } from './style.ts';
export { terminalStyle } from './terminal.ts';
export { renderReport } from './text.ts';
