// Reads which alerts have fired in a stack, and which of them reached a webhook.
import { hostname } from 'node:os';
import type { Stack } from '../../harness/stack/index.ts';

export interface Told {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Of whom an alert speaks: a swarm, else a machine, else the stack. */
export function ofWhom(labels: Readonly<Record<string, string>>): string {
  return labels['service_name'] ?? labels['host_name'] ?? 'stack';
}

/** Always fires; and the machine that runs the tests may itself be busy. */
function isBesides(labels: Readonly<Record<string, string>>): boolean {
  return labels['alertname'] === 'Watchdog' || labels['host_name'] === hostname();
}

/** `whom alert` of all that fires now, or with `sinceMs` (epoch) of all that has fired since. */
export async function firing(stack: Stack, sinceMs?: number): Promise<ReadonlySet<string>> {
  const seconds = sinceMs === undefined ? 0 : Math.ceil((Date.now() - sinceMs) / 1_000);
  const series = 'ALERTS{alertstate="firing"}';
  const found = await stack.query(seconds === 0 ? series : `last_over_time(${series}[${seconds}s])`);
  return new Set(found.filter(({ labels }) => !isBesides(labels)).map(({ labels }) => `${ofWhom(labels)} ${labels['alertname']}`));
}

/** Each alert of each notification, the sign of life left out. */
export function told(stack: Stack): Told[] {
  return stack.notifications
    .flatMap(({ receiver, alerts }) => alerts.map((alert) => ({ ...alert, receiver })))
    .filter(({ labels }) => !isBesides(labels));
}
