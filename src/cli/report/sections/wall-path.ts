/** The activities, end to end, that made the run as long as it was. */
import type { RunReport, WallStep } from '../../../analysis/index.ts';
import { count, duration } from '../numbers.ts';
import { MAX_ROWS, type Section } from '../section.ts';
import { clean, LOOKS, shares, wrap, type Style } from '../style.ts';

export const wallPath: Section = { title: 'What made the run this long', lines };

function lines({ wallPath, run }: RunReport, style: Style): string[] {
  if (run.wallMs <= 0 || wallPath.byCategory.length === 0) return [];
  return [
    ...shares(wallPath.byCategory, run.wallMs, style),
    ...wrap(pathText(wallPath.steps, run.wallMs), style.width),
    ...wrap(wallPath.rule, style.width),
  ];
}

/** Steps below this share of the wall time are left out of the line. */
const MIN_STEP_SHARE = 0.005;

function pathText(steps: readonly WallStep[], wallMs: number): string {
  const shown = steps.filter(({ startMs, endMs }) => endMs - startMs >= wallMs * MIN_STEP_SHARE);
  const texts = shown.slice(0, 2 * MAX_ROWS).map((step) => `${stepName(step)} ${duration(step.endMs - step.startMs)}`);
  return `The path: ${texts.join(' > ')}${shown.length > texts.length ? ' > ...' : ''}`;
}

function stepName({ name, category, count: times }: WallStep): string {
  const label = category === undefined ? 'task' : LOOKS[category].label;
  if (times > 1) return `${label} x ${count(times)}`;
  return name === undefined ? label : clean(name);
}
