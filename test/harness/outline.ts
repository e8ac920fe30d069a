/** A tree of spans as text, as tests expect it. */
import type { ExpectedSpan } from './expect-trace.ts';

/**
 * One span a line, two spaces a level: a tree for `expectTrace`, in which every child has to be named. What is in a span of `absent`
 * belongs to the one around it.
 */
export function outline(text: string, absent: readonly string[] = []): ExpectedSpan {
  const above: { depth: number; span: { name: string; children: ExpectedSpan[] } }[] = [];
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const depth = line.search(/\S/);
    const span = { name: line.trim(), children: [] };
    while ((above.at(-1)?.depth ?? -1) >= depth && above.length > 1) above.pop();
    const around = above.at(-1)?.span;
    const isAbsent = around !== undefined && absent.includes(span.name);
    if (!isAbsent) around?.children.push(span);
    above.push({ depth, span: isAbsent ? around : span });
  }
  const [root] = above;
  if (root === undefined) throw new Error('an outline has a first line');
  return root.span;
}
