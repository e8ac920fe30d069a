// Where Alertmanager's webhooks end in tests: keeps what came, by the receiver it was sent to.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Notification {
  /** Path of the webhook: `alerts`, `page`, `deadman`. */
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

export interface Webhooks {
  readonly url: string;
  /** In order of arrival; the oldest go when there are more than 10,000. */
  readonly notifications: readonly Notification[];
  close(): Promise<void>;
}

const maxNotifications = 10_000;

export async function startWebhooks(): Promise<Webhooks> {
  const notifications: Notification[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { status, alerts } = JSON.parse(body) as Omit<Notification, 'receiver'>;
      notifications.push({ receiver: (request.url ?? '').slice(1), status, alerts });
      if (notifications.length > maxNotifications) notifications.shift();
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    notifications,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
