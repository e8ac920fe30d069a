/** A long table of rows of one height: all of them up to a few hundred, so that the browser's search finds them; beyond, those in view. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { LinkButton } from './link-button.tsx';

type Element = preact.JSX.Element;

const ALL_UP_TO = 500;
const SPARE = 12;

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  readonly isNumber?: boolean;
  /** Rows are not sorted by it. */
  readonly isFixed?: boolean;
  readonly cell: (row: T) => preact.ComponentChildren;
}

export function VirtualTable<T>({
  rows,
  columns,
  rowHeight,
  caption,
  keyOf,
  isCurrent,
  sort,
  onSort,
}: {
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly rowHeight: number;
  readonly caption: string;
  readonly keyOf: (row: T) => string | number;
  readonly isCurrent?: (row: T) => boolean;
  readonly sort?: { readonly key: string; readonly isUp: boolean };
  readonly onSort?: (key: string) => void;
}): Element {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ first: 0, count: 60 });
  const isWhole = rows.length <= ALL_UP_TO;
  useEffect(() => {
    const own = box.current;
    if (own === null || isWhole) return undefined;
    const look = (): void => {
      const first = Math.max(0, Math.floor(own.scrollTop / rowHeight) - SPARE);
      setSeen({ first, count: Math.ceil(own.clientHeight / rowHeight) + 2 * SPARE });
    };
    look();
    own.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(own);
    return () => {
      own.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [isWhole, rowHeight]);
  const first = isWhole ? 0 : Math.min(seen.first, Math.max(0, rows.length - 1));
  const shown = isWhole ? rows : rows.slice(first, first + seen.count);
  const below = rows.length - first - shown.length;
  return (
    <div class="scroll-box" ref={box} tabIndex={0} role="region" aria-label={caption}>
      <table class="rows" aria-rowcount={rows.length + 1}>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, title, isNumber, isFixed }) => (
              <th
                key={key}
                scope="col"
                class={isNumber === true ? 'number' : ''}
                aria-sort={sort?.key === key ? (sort.isUp ? 'ascending' : 'descending') : undefined}
              >
                {onSort === undefined || isFixed === true ? (
                  title
                ) : (
                  <LinkButton
                    onClick={() => {
                      onSort(key);
                    }}
                  >
                    {title}
                    {sort?.key === key ? (sort.isUp ? ' ▲' : ' ▼') : ''}
                  </LinkButton>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr aria-hidden="true" style={{ height: `${first * rowHeight}px` }} />}
          {shown.map((row, index) => (
            <tr
              key={keyOf(row)}
              aria-rowindex={first + index + 2}
              aria-current={isCurrent?.(row) === true ? 'true' : undefined}
              style={{ height: `${rowHeight}px` }}
            >
              {columns.map(({ key, cell, isNumber }) => (
                <td key={key} class={isNumber === true ? 'number' : ''}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {below > 0 && <tr aria-hidden="true" style={{ height: `${below * rowHeight}px` }} />}
        </tbody>
      </table>
    </div>
  );
}
