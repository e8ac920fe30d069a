/** The printed report of a run: a headline, then every section of the catalogue that has something to say. */
import type { RunReport } from '../../analysis/index.ts';
import { count, duration, plural } from './numbers.ts';
import { sections } from './sections/index.ts';
import { bold, clean, DEFAULT_STYLE, type Style } from './style.ts';

/** The report as text within `style.width` columns. Ends with a line feed. */
export function renderReport(report: RunReport, style: Style = DEFAULT_STYLE): string {
  const printed = sections.flatMap(({ title, lines }) => {
    const body = lines(report, style);
    return body.length === 0 ? [] : ['', bold(typeof title === 'string' ? title : title(report), style), ...body];
  });
  return [headline(report, style), ...printed, ''].join('\n');
}

function headline({ run, spanCount, missing }: RunReport, style: Style): string {
  const end =
    run.signal !== undefined ? `, killed by ${clean(run.signal)}` : run.exitCode === undefined ? '' : `, exit code ${run.exitCode}`;
  const state = run.isFinished ? '' : ', not finished';
  return `${bold(`swarmscope  ${clean(run.name)}`, style)}  ${duration(run.wallMs)}${end}${state}, ${spanCount === 0 ? 'no spans: nothing was seen, try swarmscope doctor' : plural(spanCount, 'span')}${missing === undefined || missing.spans === 0 ? '' : `, ${missing.isAtLeast ? 'at least ' : ''}${count(missing.spans)} more were lost`}`;
}
