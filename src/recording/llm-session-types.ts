/** What is told of one session over a WebSocket, and when. */
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';
import type { Activity, ActivityEnd, Frame } from './activity-types.ts';

export interface LlmSessionStart {
  /** `gen_ai.provider.name`. */
  provider: string;
  requestModel?: string | undefined;
  serverAddress: string;
  serverPort: number;
  /** When and where the connection was asked for. */
  startTime: EpochMs;
  frame: Frame | undefined;
  /** The process ends while the session is open: what is known of its end. */
  onCut(errorType: string): void;
}

export interface LlmSession {
  readonly activity: Activity;
  learn(facts: { provider?: string; requestModel?: string | undefined; attributes?: Attributes }): void;
  end(end: ActivityEnd): void;
}
