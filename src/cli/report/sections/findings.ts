/** What to change: what holds the run back, what that costs, and one thing to do about each. */
import type { Finding, RunReport } from '../../../analysis/index.ts';
import { duration, money, percent } from '../numbers.ts';
import { MAX_ROWS, more, type Section } from '../section.ts';
import { bold, clean, wrap, type Style } from '../style.ts';

export const findings: Section = { title: 'What to change', lines };

function lines({ findings: found, run, spanCount, observation }: RunReport, style: Style): string[] {
  // Of a run in which nothing of a swarm was seen nobody can say that it was well.
  if (spanCount === 0 || !observation.isSwarmSeen) return [];
  if (found.length === 0) return wrap(nothing(observation.unobservedMs / run.wallMs), style.width);
  return [...found.slice(0, MAX_ROWS).flatMap((finding) => describe(finding, run.wallMs, style)), ...more(found.length, 'findings')];
}

/** Where less of the run was unobserved, what was seen stands for all of it. */
const NOTABLE_SHARE = 0.25;

function nothing(unobserved: number): string {
  return unobserved < NOTABLE_SHARE
    ? 'Nothing worth changing: no known cause costs a twelfth of the run.'
    : `No known cause in what was seen costs a twelfth of the run; ${percent(unobserved)} of it was not seen.`;
}

function describe(
  { kind, recoverableSeconds, recoverableUsd, action, assumptions, confidence }: Finding,
  wallMs: number,
  style: Style,
): string[] {
  const { value, low, high } = recoverableSeconds;
  const seconds = value * 1000;
  const time = `${duration(seconds)} of ${duration(wallMs)} (${percent(seconds / wallMs)}; ${duration(low * 1000)} to ${duration(high * 1000)})`;
  const worth = [...(seconds >= wallMs / 100 ? [time] : []), ...(recoverableUsd > 0 ? [money(recoverableUsd, 'USD')] : [])].join(', ');
  return [
    `  ${bold(kind.replaceAll('_', ' '), style)}  ${worth}`,
    ...wrap(clean(action, 600), style.width, '    '),
    ...wrap(`If ${clean(assumptions.join('; and if '), 600)}. Confidence ${percent(confidence)}.`, style.width, '    '),
  ];
}
