/**
 * Generates the table of docs/frameworks.md from the one that the tests of queues run.
 * `node tools/generate-frameworks-docs.ts` writes; `--check` writes nothing and exits 1 when the page is stale.
 */
import { parseArgs } from 'node:util';
import { TABLE } from '../test/observers/queues/table.ts';
import { fillPage } from './fill-page.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

function rows(): string[][] {
  const headings = ['library', 'versions', 'modules', 'a task is', 'a pool is', 'besides', 'not seen, or otherwise'];
  const others = TABLE.map(({ library, versions, systems, task, pool, also, limits = '' }) => [
    `\`${library}\``,
    Object.values(versions).join(', '),
    systems.join(', '),
    task,
    pool,
    also.join(', '),
    limits,
  ]);
  return [headings, ...others];
}

fillPage({ page: 'docs/frameworks.md', name: 'frameworks', rows: rows(), isCheck: values.check });
