/** The prices: what a call costs and how much context a model has. */
import { createPricing } from './table.ts';

export { createPricing, type Billing, type ModelName, type PricedCall, type PriceFiles, type Pricing } from './table.ts';
export type { PricedUsage } from './amount.ts';
export { tableVersion } from './generated/table.ts';

const builtIn = createPricing();
/** By the built-in table alone; `createPricing(settings)` heeds the user's files. */
export const priceOf = builtIn.priceOf;
export const contextWindowOf = builtIn.contextWindowOf;
