/** What holds the run back: findings, the most valuable first; empty where nothing is worth changing. */
import type { RunFacts } from '../facts.ts';
import { findingsOf, type Finding } from '../findings/index.ts';

export function findings(facts: RunFacts): readonly Finding[] {
  return findingsOf(facts);
}
