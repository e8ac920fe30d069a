/** Makes an alert on a counter of lost items. */
import type { MetricSpec } from '../../semconv/index.ts';
import type { Alert } from './alert.ts';

export const BOARD = 'swarmscope-telemetry';
const WINDOW = '5m';

/** Something was lost within five minutes. `rate` misses a counter's first burst, so a new series counts as a whole. */
export function lost({ prometheus }: MetricSpec, by = ''): string {
  const sum = by === '' ? 'sum' : `sum by (${by}) `;
  return `${sum}(rate(${prometheus}[${WINDOW}])) > 0 or ${sum}(${prometheus} unless ${prometheus} offset ${WINDOW}) / ${WINDOW_SECONDS} > 0`;
}

const WINDOW_SECONDS = 300;

export function losing(
  alert: Pick<Alert, 'name' | 'expr' | 'severity' | 'summary' | 'description' | 'runbook'> & {
    series: string;
    for?: string;
    /** The series begins with its first loss. */
    isBornLate?: boolean;
  },
): Alert {
  const { series, isBornLate = false, ...rest } = alert;
  return {
    for: '2m',
    resource: 'telemetry',
    board: BOARD,
    ...rest,
    cases: [
      { title: 'a counter of losses that grows', series: { [series]: '0+10x40' }, at: '15m', fires: true },
      { title: 'a counter of losses that stands', series: { [series]: '7x40' }, at: '15m', fires: false },
      ...(isBornLate ? [{ title: 'one burst, by which the counter comes to be', series: { [series]: '_x10 7x40' }, at: '14m', fires: true }] : []),
    ],
  };
}
