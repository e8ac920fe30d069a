/** `swarmscope review`: the page at the end of a phase. */
import { review, type Review } from '../../analysis/index.ts';
import { output } from '../output.ts';
import { print } from '../streams.ts';
import { reviewMarkdown } from './markdown.ts';
import { narrate } from './narrate.ts';
import { historyBetween } from './repository.ts';
import { chooseRuns } from './runs.ts';

export interface ReviewRequest {
  readonly since: string | undefined;
  readonly phase: string | undefined;
  readonly json: string | undefined;
  /** A shell command line that gets the JSON. */
  readonly narrate: string | undefined;
}

/** @throws SwarmscopeError `RUN_NOT_FOUND`, `FILE`, `NARRATE` */
export async function showReview({ since, phase, json, narrate: command }: ReviewRequest): Promise<void> {
  const chosen = await chooseRuns(since, phase);
  const made = review({ ...chosen, repository: await historyOf(chosen.runs) });
  const narration = command === undefined ? undefined : await narrate(command, jsonOf(made));
  if (json === undefined) await print(reviewMarkdown(made, narration));
  else await output(json, jsonOf(made, narration));
}

async function historyOf(
  runs: readonly { readonly run: { readonly startMs: number; readonly endMs: number } }[],
): Promise<Review['done']['repository']> {
  if (runs.length === 0) return undefined;
  return await historyBetween(Math.min(...runs.map(({ run }) => run.startMs)), Math.max(...runs.map(({ run }) => run.endMs)));
}

const jsonOf = (made: Review, narration?: string): string => `${JSON.stringify({ schemaVersion: 1, ...made, narration }, undefined, 2)}\n`;
