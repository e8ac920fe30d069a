/** `swarmscope prices`: shows by which prices calls are priced, and fetches newer ones. */
import { makeOwnFolder } from '../../config/private-folder.ts';
import { readSettings, type Settings } from '../../config/settings/index.ts';
import { readNamed } from '../../config/small-file.ts';
import { writeWhole } from '../../config/write-whole.ts';
import { dirname } from 'node:path';
import { createPricing } from '../../pricing/index.ts';
import { packedProviders } from '../../pricing/pack.ts';
import { priceKeys, type PackedPrice } from '../../pricing/packed.ts';
import { MAX_DATA_BYTES, PRICES_URL, tableFrom, type Made } from '../../pricing/refresh.ts';
import { readRefreshed, refreshedPath, refreshedText } from '../../pricing/refreshed.ts';
import type { Command, Flags } from '../command.ts';
import { SwarmscopeError } from '../errors.ts';
import { clean } from '../printable.ts';
import { columns, table } from '../report/index.ts';
import { print } from '../streams.ts';

/** Longest wait for the whole answer. */
const FETCH_MS = 60_000;

const flags = {
  from: { type: 'string', value: 'URL|FILE', about: 'refresh: where the data of genai-prices is. Default: where its makers publish it.' },
} as const satisfies Flags;

export const prices: Command<typeof flags> = {
  about: 'Show the prices of models, or fetch newer ones.',
  usage: 'swarmscope prices [show [MODEL] | refresh [--from URL|FILE]]',
  example: 'swarmscope prices show gpt-5',
  positionals: [{}, {}],
  flags,
  async run({ values: { from }, positionals: [what = 'show', model] }) {
    const settings = readSettings();
    if (what === 'refresh' && model === undefined) await print(await refresh(settings, from ?? PRICES_URL));
    else if (what === 'show' && from === undefined) await print(model === undefined ? about(settings) : rows(settings, model));
    else throw new SwarmscopeError('USAGE', `Expected show [MODEL] or refresh [--from URL|FILE].\nUsage: ${prices.usage}`);
    return 0;
  },
};

function about(settings: Settings): string {
  const pricing = createPricing(settings);
  const { table: fetched, problem } = readRefreshed(settings);
  const own = settings.pricesFile === '' ? 'none; name one by SWARMSCOPE_PRICES' : `${settings.pricesFile}, before the table`;
  const lines = [
    ['table', clean(pricing.tableVersion)],
    ['it is', fetched === undefined ? 'the built-in one' : `fetched from ${clean(fetched.source)}`],
    ['fetched file', problem === undefined ? refreshedPath(settings) : `${refreshedPath(settings)} is not used: ${problem}`],
    ['own prices', clean(own)],
    ...pricing.problems.map((each) => ['', `not used: ${clean(each)}`]),
  ];
  return `${columns(lines).join('\n')}\n\nOne model: swarmscope prices show MODEL. Newer prices: swarmscope prices refresh.\n`;
}

const SHOWN: readonly (readonly [title: string, key: (typeof priceKeys)[number]])[] = [
  ['input', 'input_mtok'],
  ['output', 'output_mtok'],
  ['cache read', 'cache_read_mtok'],
  ['cache write', 'cache_write_mtok'],
  ['1 h', 'cache_write_1h_mtok'],
];

/** What the model costs at each provider that has it. */
function rows(settings: Settings, model: string): string {
  const pricing = createPricing(settings);
  const found = ['', ...packedProviders].flatMap((provider) => {
    const row = pricing.rowOf({ provider, model });
    return row === undefined || (provider === '') !== (row.tableVersion === 'own prices file') ? [] : [{ provider, row }];
  });
  if (found.length === 0) {
    const next = 'Add it to a file of your own (SWARMSCOPE_PRICES), or fetch newer prices: swarmscope prices refresh';
    throw new SwarmscopeError('PRICES', `No price of ${clean(model)} is known. ${next}`);
  }
  const head = ['provider', ...SHOWN.map(([title]) => title), 'window', 'by'];
  const lines = found.map(({ provider, row }) => [
    provider === '' ? 'any' : provider,
    ...SHOWN.map(([, key]) => priceText(row.prices[priceKeys.indexOf(key)] ?? null)),
    row.contextWindow === 0 ? '' : String(row.contextWindow),
    clean(row.tableVersion),
  ]);
  return `US dollars per million tokens, now\n${table([head, ...lines]).join('\n')}\n`;
}

/** `3, above 200000: 6`. */
function priceText(price: PackedPrice): string {
  if (price === null) return '';
  if (typeof price === 'number') return String(price);
  const steps = price.slice(1).flatMap((start, index, all) => (index % 2 === 0 ? [`above ${start}: ${all[index + 1] ?? ''}`] : []));
  return [price[0], ...steps].join(', ');
}

async function refresh(settings: Settings, from: string): Promise<string> {
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(from);
  const text = isUrl ? await fetched(from) : named(from);
  // Who fetched by an address with a key in it must not find it in a file.
  const source = isUrl ? withoutSecrets(from) : 'a file';
  const made = tableFrom(text, { source, day: new Date().toISOString().slice(0, 10) });
  if ('problem' in made) throw new SwarmscopeError('PRICES', `These are no prices: ${made.problem}. Nothing was changed.`);
  const path = refreshedPath(settings);
  try {
    makeOwnFolder(dirname(path));
    writeWhole(path, refreshedText(made.table));
  } catch (cause) {
    throw new SwarmscopeError('FILE', `Cannot write ${path} (${whyOf(cause)}). Name another cache folder: XDG_CACHE_HOME`, { cause });
  }
  const { problem } = readRefreshed(settings);
  if (problem !== undefined) throw new SwarmscopeError('PRICES', `Wrote ${path}, which is not used: ${problem}`);
  return told(made, path);
}

function told({ table: { version, providers }, models, leftOut }: Made, path: string): string {
  const left = leftOut === 0 ? '' : ` ${leftOut} models could not be read and were left out.`;
  return `Prices of ${models} models at ${providers.length} providers: ${version}.${left}\nKept in ${path} until the next version of swarmscope.\n`;
}

async function fetched(url: string): Promise<string> {
  try {
    const address = new URL(url);
    if (!isAllowed(address)) throw new Error('only https, or http on this machine');
    const answer = await fetch(address, { signal: AbortSignal.timeout(FETCH_MS) });
    if (!isAllowed(new URL(answer.url))) throw new Error('it leads to an address that is not encrypted');
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of answer.body ?? []) {
      bytes += (piece as Uint8Array).length;
      if (bytes > MAX_DATA_BYTES) throw new Error(`it is larger than ${MAX_DATA_BYTES} bytes`);
      pieces.push(piece as Uint8Array);
    }
    return Buffer.concat(pieces).toString('utf8');
  } catch (cause) {
    const next = 'Without a network, fetch the file elsewhere: swarmscope prices refresh --from FILE';
    throw new SwarmscopeError('NETWORK', `Cannot fetch prices from ${withoutSecrets(url)} (${whyOf(cause)}). ${next}`, { cause });
  }
}

/** Prices are money: nobody on the way may change them. */
function isAllowed({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function named(file: string): string {
  try {
    return readNamed(file, MAX_DATA_BYTES).toString('utf8');
  } catch (cause) {
    throw new SwarmscopeError('FILE', `Cannot read ${file} (${whyOf(cause)}).`, { cause });
  }
}

/** Without user, password and query. */
function withoutSecrets(url: string): string {
  const address = URL.parse(url);
  return address === null ? 'there' : `${address.origin}${address.pathname}`;
}

/** undici hides the reason in the cause. */
function whyOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, message } = inner as NodeJS.ErrnoException;
  return clean(String(code ?? message));
}
