/** docs/performance.md: what was measured stands between markers, part by part; the rest is written by hand. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../tools/build/write-whole.ts';
import { asMarkdown, type Result } from './result.ts';

const PAGE = join(import.meta.dirname, '..', 'docs', 'performance.md');

/** Puts what was measured between the markers of its part. Parts without figures leave what stands there. Throws where a marker is missing. */
export async function writePage(results: readonly Result[]): Promise<void> {
  let page = await readFile(PAGE, 'utf8');
  for (const result of results.filter(({ figures }) => figures.length > 0)) {
    const [begin, end] = [`<!-- measured: ${result.part} -->`, `<!-- end: ${result.part} -->`];
    const [from, to] = [page.indexOf(begin), page.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/performance.md lacks the markers of ${result.part}`);
    page = `${page.slice(0, from + begin.length)}\n\n${asMarkdown(result)}\n\n${page.slice(to)}`;
  }
  await writeWhole(PAGE, page);
}
