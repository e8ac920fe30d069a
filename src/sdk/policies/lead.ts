/** The root's part: one change after another, each taken whole or refused whole. */
import { CONFIG_FILE, readConfigFile, type ConfigFile } from '../../config/config-file.ts';
import { cancel, later, type Timer } from '../../config/originals.ts';
import { policiesIn } from '../../config/policies/in-config.ts';
import { isPlain, problemOf, readPolicies, sentenceOf } from '../../config/policies/read.ts';
import type { Policies, PolicyAnswer, PolicyAsk, PolicyProblem, PolicySource } from '../../config/policies/types.ts';
import { watchConfig, type ConfigWatch } from './config-watch.ts';
import type { PoliciesOptions } from './options.ts';
import { PolicyVersions } from './versions.ts';

/** A file that is no JSON may be half written: it is read once more before it is refused. */
const HALF_WRITTEN_MS = 200;

interface Wanted {
  readonly policies: Policies;
  /** undefined: as they are. */
  readonly budgets: unknown;
}

export class PolicyLead {
  readonly #options: PoliciesOptions;
  readonly #versions = new PolicyVersions();
  /** Names of the budgets that the file, or a change in its place, declared. */
  #budgetNames: ReadonlySet<string> = new Set();
  /** Of the file as it was last taken, as text: only what changes there changes anything. */
  #inFile = { policies: '', budgets: '' };
  #watch: ConfigWatch | undefined;
  #retry: Timer | undefined;
  #folder: string | undefined;
  /** What is wrong in the file now. */
  problem: PolicyProblem | undefined;

  constructor(options: PoliciesOptions) {
    this.#options = options;
  }

  begin(): void {
    const { run, live } = this.#options;
    this.#folder = workingFolder();
    if (this.#folder !== undefined) {
      this.#takeFirst(this.#folder);
      this.#watch = watchConfig({ folder: this.#folder, isEager: this.#options.isOurs === true, onChange: () => this.takeFile('file') });
    }
    run.leadPolicies?.(
      () => (live.version === 0 ? undefined : { version: live.version, policies: live.policies, runTraceId: this.#options.runTraceId() }),
      (ask) => this.#answer(ask),
    );
  }

  stop(): void {
    this.#watch?.stop();
    cancel(this.#retry);
  }

  /** A file that is gone changes nothing. */
  takeFile(source: PolicySource, isLastTry = false): void {
    const found = this.#folder === undefined ? undefined : readConfigFile(this.#folder);
    cancel(this.#retry);
    if (found === undefined) return;
    if ('problem' in found && !isLastTry) {
      this.#retry = later(HALF_WRITTEN_MS, () => this.takeFile(source, true));
      return;
    }
    if ('problem' in found) return void this.#refuse(source, problemOf(CONFIG_FILE, 'a JSON object', found.problem, String));
    const { config } = found;
    const wanted = policiesIn(config, this.#options.observers);
    if (wanted.problem !== undefined) return void this.#refuse(source, wanted.problem);
    this.problem = undefined;
    const inFile = textsOf(config);
    const isOther = inFile.policies !== this.#inFile.policies;
    const isOtherBudgets = inFile.budgets !== this.#inFile.budgets;
    if (!isOther && !isOtherBudgets) return;
    const { policies: now } = this.#versions.current;
    const policies = isOther ? { ...wanted.policies, ...(now.content === undefined ? {} : { content: now.content }) } : now;
    const problem = this.#change(source, { policies, budgets: isOtherBudgets ? (config.budgets ?? []) : undefined });
    if (problem === undefined) this.#inFile = inFile;
  }

  /** Budgets of the first reading are declared one by one, by `startBudgets`: there is nothing yet that could stay in force. */
  #takeFirst(folder: string): void {
    const { live, tell } = this.#options;
    const found = readConfigFile(folder);
    if (found === undefined || 'problem' in found) return;
    const { budgets, policies } = found.config;
    this.#versions.beginWith(budgets);
    const names = Array.isArray(budgets) ? budgets.map((each: unknown) => (isPlain(each) ? each['name'] : undefined)) : [];
    this.#budgetNames = new Set(names.filter((name) => typeof name === 'string'));
    const wanted = policiesIn(found.config, this.#options.observers);
    if (wanted.problem !== undefined) return void this.#refuse('file', wanted.problem);
    this.#inFile = textsOf(found.config);
    if (policies === undefined) return;
    live.take(this.#versions.add(wanted.policies, budgets));
    tell({ source: 'file', version: 1, sampling: wanted.policies.sampling });
  }

  #answer(ask: PolicyAsk): PolicyAnswer {
    const problem = 'rollback' in ask ? this.#rollBack(ask.rollback) : this.#patch(ask.change);
    return { version: this.#versions.current.version, problem: problem && sentenceOf(problem) };
  }

  #rollBack(version: unknown): PolicyProblem | undefined {
    const found = this.#versions.find(version);
    if (found !== undefined) return this.#change('rollback', { policies: found.policies, budgets: found.budgets });
    const { current, oldest } = this.#versions;
    return this.#refuse('rollback', problemOf('version', `a version from ${oldest} to ${current.version}`, version));
  }

  /** What is named is changed, what is `null` is as the settings say, and the rest stays. */
  #patch(change: unknown): PolicyProblem | undefined {
    const { budgets, ...named } = isPlain(change) ? change : {};
    const read = readPolicies(isPlain(change) ? named : change, { mayCapture: true, observers: this.#options.observers });
    if (read.problem !== undefined) return this.#refuse('api', read.problem);
    const kept = Object.entries(this.#versions.current.policies).filter(([name]) => named[name] !== null);
    return this.#change('api', { policies: { ...Object.fromEntries(kept), ...read.policies }, budgets });
  }

  /** In force everywhere that it can be told at once when this returns; or nothing is changed, and the problem is returned. */
  #change(source: PolicySource, { policies, budgets }: Wanted): PolicyProblem | undefined {
    const { book, live, run, tell } = this.#options;
    const change = budgets === undefined ? undefined : book.changeOf(budgets, this.#budgetNames);
    if (change?.problem !== undefined) return this.#refuse(source, change.problem);
    const added = this.#versions.add(policies, budgets ?? this.#versions.current.budgets);
    live.take(added);
    run.tellPolicies?.();
    if (change !== undefined) {
      book.change(change.messages);
      this.#budgetNames = change.names;
    }
    tell({ source, version: added.version, sampling: policies.sampling });
    return undefined;
  }

  #refuse(source: PolicySource, problem: PolicyProblem): PolicyProblem {
    const { tell, onProblem } = this.#options;
    if (source === 'file' || source === 'signal') this.problem = problem;
    tell({ source, version: this.#versions.current.version, field: problem.field });
    onProblem?.(`${sentenceOf(problem)}. Version ${this.#versions.current.version} of the policies stays in force.`);
    return problem;
  }
}

function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    // It was removed.
    return undefined;
  }
}

const textsOf = ({ policies, budgets }: ConfigFile): { policies: string; budgets: string } => ({
  policies: JSON.stringify(policies ?? {}),
  budgets: JSON.stringify(budgets ?? []),
});
