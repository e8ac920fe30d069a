/** The sampler that `OTEL_TRACES_SAMPLER` names. */
import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, TraceIdRatioBasedSampler, type Sampler } from '@opentelemetry/sdk-trace';
import type { Settings } from '../config/settings/index.ts';

const roots: Record<Settings['sampler'], (ratio: number) => Sampler> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
};

/** A ratio that is missing or no number from 0 to 1 counts as 1, as the SDK specification asks. */
export function createSampler(settings: Pick<Settings, 'sampler' | 'samplerArgument'>): Sampler {
  const ratio = Number(settings.samplerArgument);
  const isGood = settings.samplerArgument !== '' && ratio >= 0 && ratio <= 1;
  return roots[settings.sampler](isGood ? ratio : 1);
}
