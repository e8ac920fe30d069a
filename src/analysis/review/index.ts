/** The review at the end of a phase: what was done, what it cost against the phase before, what recurs, what to change. */
export { onlyPhase, phasesIn } from './phase.ts';
export { review, type RepositoryFacts, type Review, type ReviewInput } from './review.ts';
