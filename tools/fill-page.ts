// Puts a generated part between two marks of a page, or says that it is stale there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Part {
  /** From the root of the repository. */
  readonly page: string;
  /** Of the marks, and of `tools/generate-NAME-docs.ts`. */
  readonly name: string;
  /** Rows of a table, its heading first. */
  readonly rows: readonly (readonly string[])[];
  /** Writes nothing; a stale page sets exit code 1. */
  readonly isCheck: boolean;
}

/** @throws Error where the page lacks the marks. */
export function fillPage({ page, name, rows, isCheck }: Part): void {
  const tool = `tools/generate-${name}-docs.ts`;
  const [start, end] = [`<!-- ${name}:start (${tool}) -->`, `<!-- ${name}:end -->`];
  const [headings = [], ...others] = rows;
  const lines = [headings, headings.map(() => '---'), ...others].map((cells) => `| ${cells.join(' | ')} |`);
  const part = `${start}\n<!-- prettier-ignore-start -->\n\n${lines.join('\n')}\n\n<!-- prettier-ignore-end -->\n${end}`;

  const path = join(import.meta.dirname, '..', page);
  const before = readFileSync(path, 'utf8');
  const [from, to] = [before.indexOf(start), before.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${page} lacks the lines ${start} and ${end}`);
  const after = before.slice(0, from) + part + before.slice(to + end.length);
  if (!isCheck) writeFileSync(path, after);
  if (isCheck && after !== before) {
    process.stderr.write(`stale: ${page}\nRun \`node ${tool}\` and commit what it writes.\n`);
    process.exitCode = 1;
  } else process.stdout.write(`${name}: ${others.length} in ${page}, ${isCheck ? 'up to date' : 'written'}\n`);
}
