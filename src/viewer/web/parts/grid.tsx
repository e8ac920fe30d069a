/** A plain table: a heading a column, the first column names the row, the others are numbers where they are not said to be texts. */

type Element = preact.JSX.Element;

export function Grid({
  caption,
  head,
  rows,
  texts = [],
}: {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly preact.ComponentChildren[])[];
  /** Headings of the columns that are read as text. */
  readonly texts?: readonly string[];
}): Element {
  const classOf = (index: number): string => (index === 0 || texts.includes(head[index] ?? '') ? '' : 'number');
  return (
    <div class="grid-box" tabIndex={0} role="region" aria-label={caption}>
      <table class="rows">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {head.map((title, index) => (
              <th key={title} scope="col" class={classOf(index)}>
                {title === '' ? <span class="unseen">What</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) =>
                index === 0 ? (
                  <th key={index} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={index} class={classOf(index)}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
