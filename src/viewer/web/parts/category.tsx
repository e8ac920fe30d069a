/** A category as a small square with its letter, and a bar that is divided by categories. */
import type { Category } from '../../../analysis/index.ts';
import { CATEGORY_NAMES } from '../../../analysis/looks.ts';
import { duration, percent } from '../../../analysis/numbers.ts';
import { COLOURS, inkOn } from '../colours.ts';
import { theme } from '../theme.ts';

type Element = preact.JSX.Element;

export function labelOf(category: Category): string {
  return CATEGORY_NAMES[category]?.label ?? category;
}

export function Chip({ category }: { readonly category: Category }): Element {
  const colour = (COLOURS[category] ?? COLOURS.other)[theme.value];
  return (
    <span
      class={`chip ${(COLOURS[category] ?? COLOURS.other).form}`}
      style={{ background: colour, color: inkOn(colour) }}
      aria-hidden="true"
    >
      {CATEGORY_NAMES[category]?.letter ?? '?'}
    </span>
  );
}

export interface Share {
  readonly category: Category;
  readonly ms: number;
}

/** One bar; its parts are told in words below it or beside it, so it is hidden from screen readers. */
export function ShareBar({ parts, totalMs }: { readonly parts: readonly Share[]; readonly totalMs?: number }): Element {
  const sum = totalMs ?? parts.reduce((all, { ms }) => all + ms, 0);
  return (
    <div class="share-bar" aria-hidden="true">
      {parts.map(({ category, ms }, index) => {
        const colour = (COLOURS[category] ?? COLOURS.other)[theme.value];
        const share = sum > 0 ? ms / sum : 0;
        return (
          <span
            key={`${category} ${index}`}
            class={(COLOURS[category] ?? COLOURS.other).form}
            style={{ width: `${share * 100}%`, background: colour, color: inkOn(colour) }}
            title={`${labelOf(category)} ${duration(ms)}, ${percent(share)}`}
          >
            {share > 0.04 ? (CATEGORY_NAMES[category]?.letter ?? '?') : ''}
          </span>
        );
      })}
    </div>
  );
}

/** The categories in a table: label, time, share. */
export function ShareTable({
  parts,
  totalMs,
  caption,
}: {
  readonly parts: readonly Share[];
  readonly totalMs: number;
  readonly caption: string;
}): Element {
  return (
    <table class="shares">
      <caption>{caption}</caption>
      <tbody>
        {parts.map(({ category, ms }) => (
          <tr key={category}>
            <th scope="row">
              <Chip category={category} /> {labelOf(category)}
            </th>
            <td class="number">{duration(ms)}</td>
            <td class="number">{percent(totalMs > 0 ? ms / totalMs : 0)}</td>
            <td class="bar-cell" aria-hidden="true">
              <span
                class="bar"
                style={{
                  width: `${totalMs > 0 ? (ms / totalMs) * 100 : 0}%`,
                  background: (COLOURS[category] ?? COLOURS.other)[theme.value],
                }}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
