/** Reads OTLP requests as rows and hands them over: in slices for a sender that waits, or at once. */
import { createPricer, type SpanRow } from '../../analysis/index.ts';
import { readSettings, type Settings, type Signal } from '../../config/settings/index.ts';
import { OtlpError, type Losses } from '../../otlp/read/index.ts';
import type { Encoding, OtlpRequest } from '../../otlp/request.ts';
import { Refused } from '../serve/refused.ts';
import type { Kept } from '../store/index.ts';
import type { Owner } from './owners.ts';
import { createEventCalls } from './rows/event-calls.ts';
import { atOnce, STEPS, type LogRows, type MetricRows, type Steps, type TraceRows } from './rows/index.ts';
import { inSlices } from './slices.ts';

/** Resolves when the rows are where they outlive this process: only then is their sender answered. */
type Take<Rows> = (rows: Rows, received: OtlpRequest) => Promise<Kept> | undefined;

export interface Intake {
  readonly onTraces: Take<TraceRows>;
  readonly onMetrics: Take<MetricRows>;
  readonly onLogs: Take<LogRows>;
}

export interface ReadOptions {
  /** Whether content is stored, and where the user's own prices are; default: the settings of this process. */
  readonly settings?: Pick<Settings, 'captureContent' | 'pricesFile'> &
    Partial<Pick<Settings, 'cacheFolder' | 'stateFolder' | 'dataFolder' | 'home'>>;
  /** Read from files, and not received: times stay as they are. */
  readonly isRecord?: boolean;
}

/** Whose it is what one connection brought. */
export interface Place {
  /** Puts spans below the process that sent them. */
  readonly spans: (spans: readonly SpanRow[]) => Promise<SpanRow[]>;
  readonly owner: () => Promise<Owner | undefined>;
}

/** What became of a request: its rows, which are not kept yet. */
interface Readable {
  readonly losses: Readonly<Losses>;
  readonly keep: (received: OtlpRequest) => Promise<Kept> | undefined;
  /** The same once it is known whose they are. */
  readonly keepPlaced?: (received: OtlpRequest, place: Place) => Promise<Kept | undefined>;
}

type ReadSteps = (body: Buffer, encoding: Encoding) => Steps<Readable>;

function stepsOf({
  onTraces,
  onMetrics,
  onLogs,
  settings = readSettings(),
  isRecord,
}: Intake & ReadOptions): Readonly<Record<Signal, ReadSteps>> {
  const reading = {
    // Asked for each request: a policy may change it while a run lasts.
    get isContentKept() {
      return settings.captureContent !== 'off';
    },
    isRecord,
  };
  const price = createPricer(settings);
  const calls = createEventCalls();
  return {
    *traces(body, encoding) {
      const { spans, losses } = yield* STEPS.traces(body, encoding, reading);
      const rows = { spans: spans.map(price), losses };
      return {
        losses,
        keep: (received) => onTraces(rows, received),
        keepPlaced: async (received, place) => onTraces({ ...rows, spans: await place.spans(rows.spans) }, received),
      };
    },
    *metrics(body, encoding) {
      const rows = yield* STEPS.metrics(body, encoding, reading);
      return {
        losses: rows.losses,
        keep: (received) => onMetrics(rows, received),
        keepPlaced: async (received, place) =>
          onMetrics(rows.isForeign === true ? { ...rows, points: owned(rows.points, await place.owner()) } : rows, received),
      };
    },
    *logs(body, encoding) {
      const rows = yield* STEPS.logs(body, encoding, reading);
      rows.spans.push(...calls.of(rows.logs).map(price));
      return {
        losses: rows.losses,
        keep: (received) => onLogs(rows, received),
        async keepPlaced(received, place) {
          if (rows.isForeign !== true) return onLogs(rows, received);
          const spans = rows.spans.length === 0 ? [] : await place.spans(rows.spans);
          return onLogs({ ...rows, spans, logs: owned(rows.logs, await place.owner()) }, received);
        },
      };
    },
  };
}

/** The rows with the place of the process that sent them. */
function owned<Row extends { owner?: unknown }>(rows: readonly Row[], owner: Owner | undefined): Row[] {
  return owner === undefined ? [...rows] : rows.map((row) => ({ ...row, owner: owner.place }));
}

/** Reads a request and returns what keeps its rows, which returns what could not be used or kept. @throws Refused */
type ReadRequest = (body: Buffer, encoding: Encoding, received: OtlpRequest, place: Place) => Promise<() => Promise<Kept>>;

export function readers(options: Intake & ReadOptions): Readonly<Record<Signal, ReadRequest>> {
  const steps = stepsOf(options);
  const reader =
    (signal: Signal): ReadRequest =>
    async (body, encoding, received, place) => {
      const { losses, keep, keepPlaced } = await understood(() => inSlices(steps[signal](body, encoding)));
      return async () => {
        const kept = (await (keepPlaced?.(received, place) ?? keep(received))) ?? {};
        return kept === 'busy' ? kept : { ...losses, ...kept };
      };
    };
  return { traces: reader('traces'), metrics: reader('metrics'), logs: reader('logs') };
}

/** Reads a request at once and hands its rows over. @throws OtlpError */
export function takers(options: Intake & ReadOptions): (request: OtlpRequest, encoding: Encoding) => void {
  const steps = stepsOf(options);
  return (request, encoding) => void atOnce(steps[request.signal](request.body, encoding)).keep(request);
}

const IS_TOO_LARGE: ReadonlySet<OtlpError['code']> = new Set(['too_deep', 'too_many']);

async function understood<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof OtlpError ? new Refused(IS_TOO_LARGE.has(error.code) ? 413 : 400, error.message) : error;
  }
}
