/** A plain table: a heading a column, the first column names the row. */

type Element = preact.JSX.Element;

export function Grid({
  caption,
  head,
  rows,
}: {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly preact.ComponentChildren[])[];
}): Element {
  return (
    <div class="grid-box" tabIndex={0} role="region" aria-label={caption}>
      <table class="rows">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {head.map((title, index) => (
              <th key={title} scope="col" class={index === 0 ? '' : 'number'}>
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
                  <td key={index} class="number">
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
