/** Our observers inside the app's own OpenTelemetry SDK: its provider, its sampler, its processors, its exporter. */
import { runtime } from '../runtime.ts';

/** What `registerInstrumentations` and `NodeSDK` of every major ask of an instrumentation. */
export interface SwarmscopeInstrumentation {
  readonly instrumentationName: string;
  readonly instrumentationVersion: string;
  enable(): void;
  disable(): void;
  setTracerProvider(provider: object): void;
  setMeterProvider(provider: object): void;
  setConfig(config: { enabled?: boolean }): void;
  getConfig(): { enabled?: boolean };
}

type AppSdk = NonNullable<ReturnType<typeof runtime>>['appSdk'];

let made: SwarmscopeInstrumentation | undefined;

/**
 * Records tasks, LLM calls, children, git and gauges into the app's own OpenTelemetry SDK, and nowhere else. Call it
 * before the libraries to watch are loaded. With the preload in as well, the SDK takes over what this process records
 * from its start on. Does nothing where nothing can be observed (an old Node, `OTEL_SDK_DISABLED`).
 * @example new NodeSDK({ instrumentations: [...swarmscopeInstrumentations()] }).start();
 */
export function swarmscopeInstrumentations(): SwarmscopeInstrumentation[] {
  made ??= instrumentation(arm());
  return [made];
}

function arm(): AppSdk | undefined {
  try {
    const isPreloaded = runtime() !== undefined;
    if (!isPreloaded) {
      const { createRequire } = process.getBuiltinModule('node:module');
      createRequire(import.meta.filename)('./register.cjs');
    }
    const appSdk = runtime()?.appSdk;
    if (appSdk !== undefined && !isPreloaded) appSdk.isAlone = true;
    return appSdk;
  } catch {
    // The door was bundled into the app, away from the files beside it: nothing is recorded.
    return undefined;
  }
}

function instrumentation(appSdk: AppSdk | undefined): SwarmscopeInstrumentation {
  const config = { enabled: true };
  const turn = (isOn: boolean): void => {
    config.enabled = isOn;
    if (appSdk === undefined || appSdk.isOn === isOn) return;
    appSdk.isOn = isOn;
    appSdk.onMeter();
  };
  return {
    instrumentationName: 'swarmscope',
    instrumentationVersion: __SWARMSCOPE_VERSION__,
    enable: () => turn(true),
    disable: () => turn(false),
    setTracerProvider(provider) {
      if (appSdk !== undefined) appSdk.tracerProvider = provider as NonNullable<AppSdk['tracerProvider']>;
    },
    setMeterProvider(provider) {
      if (appSdk === undefined || appSdk.meterProvider === provider) return;
      appSdk.meterProvider = provider as NonNullable<AppSdk['meterProvider']>;
      appSdk.onMeter();
    },
    setConfig: ({ enabled = true }) => turn(enabled),
    getConfig: () => ({ ...config }),
  };
}
