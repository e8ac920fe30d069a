/** The shape of an alert on something that counts what it lost. */
import type { Alert } from './alert.ts';

export const BOARD = 'swarmscope-telemetry';

export function losing(
  alert: Pick<Alert, 'name' | 'expr' | 'severity' | 'summary' | 'description' | 'runbook'> & { series: string; for?: string },
): Alert {
  const { series, ...rest } = alert;
  return {
    for: '2m',
    resource: 'telemetry',
    board: BOARD,
    ...rest,
    cases: [
      { title: 'a counter of losses that grows', series: { [series]: '0+10x40' }, at: '15m', fires: true },
      { title: 'a counter of losses that stands', series: { [series]: '7x40' }, at: '15m', fires: false },
    ],
  };
}
