/** `swarmscope report --local`: what agents wrote down themselves, whoever started them. */
import { homedir } from 'node:os';
import { readSettings } from '../../config/settings/index.ts';
import { startedWith } from '../../config/started-with.ts';
import { createPricing } from '../../pricing/index.ts';
import { createCosts, localReport, openLibrary, type Grouping } from '../../sessions/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { output } from '../output.ts';
import { print } from '../streams.ts';
import { sinceOf } from './period.ts';
import { localJson, localText } from './text.ts';

export interface LocalRequest {
  readonly since?: string | undefined;
  readonly by?: Grouping | undefined;
  readonly json?: string | undefined;
}

/** @throws SwarmscopeError `USAGE`, `FILE` */
export async function reportLocal({ since, by = 'dir', json }: LocalRequest): Promise<void> {
  const sinceMs = since === undefined ? undefined : sinceOf(since, Date.now());
  if (since !== undefined && sinceMs === undefined)
    throw new SwarmscopeError('USAGE', `--since expects a span such as 30m, 24h, 7d or 2w, or a day such as 2026-11-01, got "${since}".`);
  const home = startedWith['HOME'] || homedir();
  const library = openLibrary();
  library.look([{ home, environment: startedWith }], sinceMs ?? 0);
  library.read({ bytes: Infinity });
  const pricing = createPricing(readSettings());
  const report = localReport(library.store, { by, sinceMs, costOf: createCosts(pricing) });
  const facts = { report, sinceMs, older: library.older, home, prices: pricing.tableVersion };
  if (json === undefined) await print(localText(facts));
  else await output(json, localJson(facts));
}
