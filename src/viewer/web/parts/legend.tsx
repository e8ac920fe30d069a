/** The legend, which is a filter too: a click keeps one category, Shift adds one. */
import { computed } from '@preact/signals';
import type { Category } from '../../../analysis/index.ts';
import { parseFilter, withCategory } from '../filter.ts';
import { changeView, model, facts, view } from '../state.ts';
import { Chip, labelOf } from './category.tsx';

type Element = preact.JSX.Element;

const seen = computed<readonly Category[]>(() => {
  void facts.value;
  const run = model.value;
  const found = new Set<number>();
  for (const lane of run?.rows ?? []) for (const category of lane.category) found.add(category);
  return (run?.categories ?? []).filter((_, index) => found.has(index));
});

export function Legend(): Element {
  const { states } = parseFilter(view.value.filter);
  return (
    <section aria-label="Legend">
      <ul class="legend" aria-label="Categories: a click shows one alone, Shift adds one">
        {seen.value.map((category) => (
          <li key={category}>
            <button
              type="button"
              aria-pressed={states.includes(category)}
              onClick={(event) => {
                changeView({ filter: withCategory(view.peek().filter, category, event.shiftKey) }, 'push');
              }}
            >
              <Chip category={category} /> {labelOf(category)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
