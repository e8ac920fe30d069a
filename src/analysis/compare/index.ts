/** Two runs side by side: what changed, what of it is chance, which findings have gone and which are new. */
export { conditionsIn, judgeConditions, type Condition, type Judgement } from './conditions.ts';
export { compare, type Comparison, type Figured, type TaskChange, type TypeChange } from './compare.ts';
export { sideOf, type Side } from './side.ts';
