/**
 * Generates the table of frameworks in docs/frameworks.md from the one that their tests run.
 * `node tools/generate-agent-frameworks-docs.ts` writes; `--check` writes nothing and exits 1 when the page is stale.
 */
import { parseArgs } from 'node:util';
import { TABLE, versionsOf } from '../test/observers/frameworks/table.ts';
import { fillPage } from './fill-page.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const headings = ['library', 'versions', 'what is seen', 'by', 'not seen, or otherwise'];
const rows = TABLE.map((row) => [`\`${row.library}\``, versionsOf(row).join(', '), row.seen, row.by, row.limits ?? '']);

fillPage({ page: 'docs/frameworks.md', name: 'agent-frameworks', rows: [headings, ...rows], isCheck: values.check });
