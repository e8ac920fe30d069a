/** Findings of the report: what to change and what it is worth, where the report has any. */
import type { RunReport } from '../../../analysis/index.ts';

type Element = preact.JSX.Element;

interface Finding {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** A report of an older version has none; what is there is read member by member. */
function findingsOf(report: RunReport): Finding[] {
  const found = (report as unknown as Readonly<Record<string, unknown>>)['findings'];
  if (!Array.isArray(found)) return [];
  return found.flatMap((each: unknown, index): Finding[] => {
    if (typeof each !== 'object' || each === null) return [];
    const text = (name: string): string | undefined => {
      const value = (each as Readonly<Record<string, unknown>>)[name];
      return typeof value === 'string' ? value : undefined;
    };
    const title = text('title') ?? text('headline') ?? text('sentence') ?? text('id');
    return title === undefined ? [] : [{ id: `${text('id') ?? ''} ${index}`, title, text: text('advice') ?? text('text') ?? '' }];
  });
}

export function Findings({ report }: { readonly report: RunReport }): Element | null {
  const found = findingsOf(report);
  if (found.length === 0) return null;
  return (
    <section data-section="findings">
      <h2>Findings</h2>
      <ol>
        {found.map(({ id, title, text }) => (
          <li key={id}>
            <b>{title}</b> {text}
          </li>
        ))}
      </ol>
    </section>
  );
}
