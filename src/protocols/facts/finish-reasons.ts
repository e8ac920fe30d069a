/** Why each choice of an answer ended, in their order. */
import type { AnswerFacts } from './answer.ts';

/** Choices of one answer; protects from an absurd index. */
const MAX_CHOICES = 128;

export class FinishReasons {
  readonly #facts: AnswerFacts;
  readonly #byChoice: string[] = [];

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  add(choice: number, reason: string): void {
    if (choice >= MAX_CHOICES) return;
    this.#byChoice[choice] = reason;
    this.#facts.finishReasons = this.#byChoice.filter((known) => (known as string | undefined) !== undefined);
  }
}
