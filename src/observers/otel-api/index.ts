/** Watches `@opentelemetry/api` without an SDK: its no-ops make spans and metrics of ours until the app registers a provider. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';
import type { Bridge, MeterBridge } from './bridge.ts';
import { wrapContextManager, wrapMeterProvider, wrapTracer, type NoOps } from './no-ops.ts';

const NAME = 'otel-api';

/** Every build of every 1.x: `build/{src,esm,esnext}` up to 1.9, `dist` from 1.10; ES modules are separate copies. */
const fileOf = (name: string): RegExp =>
  new RegExp(`[/\\\\]@opentelemetry[/\\\\]api[/\\\\](?:build[/\\\\]\\w+|dist)[/\\\\]${name}\\.[cm]?js$`);

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'spans and metrics that are made through @opentelemetry/api, in apps without an SDK of their own',
  how: 'native',
  arm(context, lazy) {
    let bridge: Bridge | undefined;
    let meters: MeterBridge | undefined;
    const noOps: NoOps = {
      bridge: () => (bridge ??= lazy().openBridge(context)),
      peek: () => bridge,
      meters: () => (meters ??= lazy().openMeters(context)),
      fault: (error: unknown) => context.fault(NAME, error),
      count: (name: string) => context.count(name),
    };
    subscribeModule({ name: `${NAME}.tracer`, file: fileOf('trace[/\\\\]ProxyTracer'), binding: 'ProxyTracer' }, (exported) =>
      wrapTracer(exported, noOps),
    );
    subscribeModule(
      { name: `${NAME}.context`, file: fileOf('context[/\\\\]NoopContextManager'), binding: 'NoopContextManager' },
      (exported) => wrapContextManager(exported, noOps),
    );
    // The first versions of the API have no metrics.
    subscribeModule({ name: `${NAME}.meter`, file: fileOf('metrics[/\\\\]NoopMeterProvider'), binding: 'NoopMeterProvider' }, (exported) =>
      wrapMeterProvider(exported, noOps),
    );
  },
};
