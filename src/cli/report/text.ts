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

function headline(report: RunReport, style: Style): string {
  const { run, missing } = report;
  const end =
    run.signal !== undefined ? `, killed by ${clean(run.signal)}` : run.exitCode === undefined ? '' : `, exit code ${run.exitCode}`;
  const state = run.isFinished ? '' : ', not finished';
  const lost =
    missing === undefined || missing.spans === 0 ? '' : `, ${missing.isAtLeast ? 'at least ' : ''}${count(missing.spans)} more were lost`;
  return `${bold(`swarmscope  ${clean(run.name)}`, style)}  ${duration(run.wallMs)}${end}${state}, ${spans(report)}${lost}`;
}

function spans({ spanCount, imported }: RunReport): string {
  if (spanCount > 0) return plural(spanCount, 'span');
  return imported === undefined ? 'no spans: nothing was seen, try swarmscope doctor' : 'no span was read';
}
