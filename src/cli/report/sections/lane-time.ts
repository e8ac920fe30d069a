/** The time of all lanes by category, with the rules by which it was told apart. */
import type { RunReport } from '../../../analysis/index.ts';
import { duration, plural } from '../numbers.ts';
import type { Section } from '../section.ts';
import { shares, wrap, type Style } from '../style.ts';

export const laneTime: Section = { title: 'Where lane time went', lines };

function lines(
  { laneTime: { byCategory, totalMs, check, rule, activityRules, idleRules }, lanes, run }: RunReport,
  style: Style,
): string[] {
  if (byCategory.length === 0 || check === undefined) return [];
  const seen = new Set<string>(byCategory.map(({ category }) => category));
  const activities = activityRules.filter(({ category }) => seen.has(category)).map(({ about }) => about);
  const idle = idleRules
    .filter(({ category }) => seen.has(category))
    .map(({ category, about }) => `${category.replace('wait:', '')}: ${about}`);
  return [
    ...shares(byCategory, totalMs, style),
    `  ${plural(lanes.count, 'lane')} x ${duration(run.wallMs)} = ${duration(totalMs)} of lane time (${(check * 100).toFixed(1)}% accounted for)`,
    ...wrap(rule, style.width),
    ...activities.flatMap((about) => wrap(`${capital(about)}.`, style.width)),
    ...(idle.length === 0 ? [] : wrap(`An empty lane is ${idle.join('; ')}.`, style.width)),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
