/**
 * Replaces the base class of OpenTelemetry's instrumentations in the bundle of this folder (tools/build/bundles.ts):
 * the original first asks the app's registered providers for a meter, and brings module hooks that nothing here needs.
 */
import { createNoopMeter, type Meter, type MeterProvider } from '@opentelemetry/api';

interface Config {
  enabled?: boolean;
}

export class InstrumentationBase<Given extends Config = Config> {
  readonly instrumentationName: string;
  readonly instrumentationVersion: string;
  _config: Given;
  #meter: Meter = createNoopMeter();

  constructor(name: string, version: string, config: Given) {
    this.instrumentationName = name;
    this.instrumentationVersion = version;
    this._config = { enabled: true, ...config };
  }

  get meter(): Meter {
    return this.#meter;
  }

  setMeterProvider(provider: MeterProvider): void {
    this.#meter = provider.getMeter(this.instrumentationName, this.instrumentationVersion);
    this._updateMetricInstruments();
  }

  isEnabled(): boolean {
    return this._config.enabled === true;
  }

  getConfig(): Given {
    return this._config;
  }

  enable(): void {
    this._config.enabled = true;
  }

  disable(): void {
    this._config.enabled = false;
  }

  _updateMetricInstruments(): void {
    // A subclass without metrics has none.
  }
}
