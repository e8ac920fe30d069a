/** The sampler that `OTEL_TRACES_SAMPLER` names, and before it the share of pieces of work that a policy lets through. */
import { createTraceState, trace, TraceFlags, type Attributes, type Context, type Link, type SpanKind } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  type Sampler,
  type SamplingResult,
} from '@opentelemetry/sdk-trace';
import type { Settings } from '../config/settings/index.ts';
import { SAMPLED_SHARE } from '../recording/sampling.ts';

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
  return new PieceSampler(roots[settings.sampler](isGood ? ratio : 1));
}

/** What began under a policy that samples follows its own beginning; all else is the business of the sampler inside. */
class PieceSampler implements Sampler {
  readonly #inside: Sampler;

  constructor(inside: Sampler) {
    this.#inside = inside;
  }

  shouldSample(context: Context, traceId: string, name: string, kind: SpanKind, attributes: Attributes, links: Link[]): SamplingResult {
    const share = context.getValue(SAMPLED_SHARE);
    if (typeof share !== 'number') return this.#inside.shouldSample(context, traceId, name, kind, attributes, links);
    const above = trace.getSpanContext(context);
    if (above !== undefined) return (above.traceFlags & TraceFlags.SAMPLED) === 0 ? NOT_RECORDED : RECORDED;
    const threshold = thresholdOf(share);
    if (!isAtLeast(traceId, threshold)) return NOT_RECORDED;
    const result = this.#inside.shouldSample(context, traceId, name, kind, attributes, links);
    return threshold === 0 ? result : { ...result, traceState: createTraceState(`ot=th:${hexOf(threshold)}`) };
  }

  toString(): string {
    return this.#inside.toString();
  }
}

const NOT_RECORDED: SamplingResult = { decision: SamplingDecision.NOT_RECORD };
const RECORDED: SamplingResult = { decision: SamplingDecision.RECORD_AND_SAMPLED };
/** Of the 14 hexadecimal digits of randomness at the end of a trace id, as many as a number holds exactly. */
const DIGITS = 13;
const RANDOMNESS_AT = 18;

/** Probability sampling of OpenTelemetry: recorded is what is random enough. {@link https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/} */
function thresholdOf(share: number): number {
  return Math.round((1 - share) * 16 ** DIGITS);
}

function isAtLeast(traceId: string, threshold: number): boolean {
  return Number.parseInt(traceId.slice(RANDOMNESS_AT, RANDOMNESS_AT + DIGITS), 16) >= threshold;
}

function hexOf(threshold: number): string {
  return threshold.toString(16).padStart(DIGITS, '0').replace(/0+$/, '');
}
