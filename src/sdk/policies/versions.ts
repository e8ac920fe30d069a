/** The versions that were in force in a run, for going back to one. */
import type { Policies } from '../../config/policies/types.ts';

export interface PolicyVersion {
  readonly version: number;
  readonly policies: Policies;
  /** As the config file or a program declared them; undefined: never. */
  readonly budgets: unknown;
}

/** Protects from a program that changes policies in a loop. */
const MAX_KEPT = 100;

export class PolicyVersions {
  /** The first is what the settings say. */
  #all: readonly PolicyVersion[] = [{ version: 0, policies: {}, budgets: undefined }];

  /** What was declared before any change. */
  beginWith(budgets: unknown): void {
    this.#all = [{ version: 0, policies: {}, budgets }];
  }

  get current(): PolicyVersion {
    return this.#all.at(-1) as PolicyVersion;
  }

  get oldest(): number {
    return this.#all[0]?.version ?? 0;
  }

  add(policies: Policies, budgets: unknown): PolicyVersion {
    const added = { version: this.current.version + 1, policies, budgets };
    this.#all = [...this.#all.slice(1 - MAX_KEPT), added];
    return added;
  }

  find(version: unknown): PolicyVersion | undefined {
    return this.#all.find((each) => each.version === version);
  }
}
