/** What the filter line means at this moment. */
import { computed } from '@preact/signals';
import { costs } from './details.ts';
import { meantBy, parseFilter } from './filter.ts';
import { model, nowOfRun, facts, view } from './state.ts';

const filter = computed(() => parseFilter(view.value.filter));

export const meantNow = computed(() => {
  void facts.value;
  const run = model.value;
  return run === undefined ? undefined : meantBy(filter.value, run, nowOfRun(), costs.value);
});
