/** Languages of the programs of a run, by the names of their executables: what each could tell depends on them. */
import { ATTR_PROCESS_EXECUTABLE_NAME } from '../semconv/index.ts';
import type { RunData } from './model.ts';
import type { SpanTree } from './span-tree.ts';

export type Language = 'Node' | 'Python' | 'Java' | '.NET' | 'Ruby' | 'PHP';

/** A compiled program (Go, Rust) has a name of its own, and is none of them. */
const EXECUTABLES: readonly (readonly [RegExp, Language])[] = [
  [/^node(?:js)?$/, 'Node'],
  [/^(?:python|pypy)[\d.]*$/, 'Python'],
  [/^java$/, 'Java'],
  [/^dotnet$/, '.NET'],
  [/^ruby[\d.]*$/, 'Ruby'],
  [/^php[\d.]*$/, 'PHP'],
];

/** Of the command itself and of each process that was seen by name; in the order of the table. */
export function languagesOf(data: RunData, tree: SpanTree): Language[] {
  const names = new Set([data.run.command]);
  for (const { row, class: kind } of tree.topDown) {
    const name = kind === 'process' ? row.attributes[ATTR_PROCESS_EXECUTABLE_NAME] : undefined;
    if (typeof name === 'string') names.add(name);
  }
  return EXECUTABLES.flatMap(([pattern, language]) => ([...names].some((name) => pattern.test(name)) ? [language] : []));
}
