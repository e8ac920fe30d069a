/** What routing saves: each call of a model that was routed to, beside what it would have cost with the dearest of those models. */
import {
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_SWARMSCOPE_ROUTING_TIER,
  METRIC_SWARMSCOPE_ROUTING_BASELINE_COST,
  METRIC_SWARMSCOPE_ROUTING_COST,
} from '../semconv/index.ts';
import type { Core } from './core.ts';
import { costOf, type PricedCall } from './cost.ts';

/** Models that are looked at for each call; protects the program's time from names that are made up. */
const MAX_MODELS = 32;

interface Route {
  tier: string;
  /** Whose model it is, once it was called. */
  provider: string | undefined;
}

const routes = new WeakMap<object, Map<string, Route>>();

export function rememberRoute(core: object, tier: string, model: string | undefined): void {
  if (model === undefined) return;
  let known = routes.get(core);
  if (known === undefined) routes.set(core, (known = new Map<string, Route>()));
  const route = known.get(model);
  if (route !== undefined) route.tier = tier;
  else if (known.size < MAX_MODELS) known.set(model, { tier, provider: undefined });
}

/** `amount`: what the call cost, in USD. */
export function measureRouted(core: Core, call: PricedCall, amount: number): void {
  const known = routes.get(core);
  if (known === undefined) return;
  const model = call.models.find((name) => name !== undefined && known.has(name));
  const route = model === undefined ? undefined : known.get(model);
  if (route === undefined) return;
  route.provider = call.provider;
  let dearest = amount;
  for (const [name, { provider }] of known) {
    if (name === model) continue;
    const other = costOf(core.pricing, { ...call, provider: provider ?? call.provider, models: [name], providerCost: undefined });
    if (other.amount !== undefined) dearest = Math.max(dearest, other.amount);
  }
  const by = { [ATTR_SWARMSCOPE_ROUTING_TIER]: route.tier, [ATTR_GEN_AI_REQUEST_MODEL]: model };
  core.measure(METRIC_SWARMSCOPE_ROUTING_COST, amount, by);
  core.measure(METRIC_SWARMSCOPE_ROUTING_BASELINE_COST, dearest, by);
}
