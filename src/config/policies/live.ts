/** The policies in force in this process, for all that acts by them. */
import type { ContentMode } from '../settings/capture.ts';
import type { Settings } from '../settings/index.ts';
import { CONTENT_WORDS, type PolicyState, type Policies } from './types.ts';

const NONE: PolicyState = { version: 0, policies: {} };

export class LivePolicies {
  #state: PolicyState = NONE;
  #off: ReadonlySet<string> = new Set();
  readonly #listeners = new Set<(state: PolicyState, before: Policies) => void>();

  get version(): number {
    return this.#state.version;
  }

  get policies(): Policies {
    return this.#state.policies;
  }

  get runTraceId(): string | undefined {
    return this.#state.runTraceId;
  }

  /** Whether an observer is switched off by a policy. Asked at each event. */
  isOff(observer: string): boolean {
    return this.#off.has(observer);
  }

  /** All of `state` is in force when this returns; an older one than is known changes nothing. */
  take(state: PolicyState): void {
    const isNew = state.version > this.#state.version;
    const learnsTrace = state.version === this.#state.version && this.#state.runTraceId === undefined;
    if (!isNew && !learnsTrace) return;
    const { policies: before } = this.#state;
    this.#state = state;
    this.#off = new Set(state.policies.observersOff);
    if (isNew) for (const listener of this.#listeners) listener(state, before);
  }

  /** Calls `listener` after each change. It must not throw. */
  onChange(listener: (state: PolicyState, before: Policies) => void): void {
    this.#listeners.add(listener);
  }
}

/** The same settings, whose word on content is that of the policies in force; not to be spread into others. */
export function withLiveContent(settings: Settings, live: LivePolicies): Settings {
  return {
    ...settings,
    get captureContent() {
      return contentOf(settings, live);
    },
  };
}

export function contentOf({ captureContent }: Pick<Settings, 'captureContent'>, { policies }: LivePolicies): ContentMode {
  return policies.content === undefined ? captureContent : CONTENT_WORDS[policies.content];
}
