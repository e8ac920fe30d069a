/** Where a program made contexts smaller: by what, how often, and from how many tokens to how many. */
import * as names from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import { numberOf, textOf } from '../span-tree.ts';

export interface Optimizer {
  readonly optimizer: string;
  readonly times: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

/** A program may make names up. */
const MAX_OPTIMIZERS = 32;

/** What saved the most tokens first; empty where the program told of none. */
export function optimization({ data }: RunFacts): Optimizer[] {
  const told = data.logs.flatMap(({ eventName, attributes }) => {
    if (eventName !== names.EVENT_SWARMSCOPE_CONTEXT_OPTIMIZED) return [];
    const tokensBefore = numberOf(attributes, names.ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS_BEFORE);
    const tokensAfter = numberOf(attributes, names.ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS_AFTER);
    if (tokensBefore === undefined || tokensAfter === undefined) return [];
    return [{ optimizer: textOf(attributes, names.ATTR_SWARMSCOPE_CONTEXT_OPTIMIZER_NAME) ?? 'unknown', tokensBefore, tokensAfter }];
  });
  return [...groupBy(told, ({ optimizer }) => optimizer)]
    .map(([optimizer, own]) => ({
      optimizer,
      times: own.length,
      tokensBefore: own.reduce((sum, each) => sum + each.tokensBefore, 0),
      tokensAfter: own.reduce((sum, each) => sum + each.tokensAfter, 0),
    }))
    .sort((a, b) => savedBy(b) - savedBy(a))
    .slice(0, MAX_OPTIMIZERS);
}

const savedBy = ({ tokensBefore, tokensAfter }: Optimizer): number => tokensBefore - tokensAfter;
