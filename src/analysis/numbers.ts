/** Numbers as people read them, in the terminal and on the page: durations, counts, tokens, money, bytes, shares. */

/** `850 ms`, `4.2 s`, `1m 12s`, `2h 05m`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return '?';
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 999.5) return `${ms < 10 && ms > 0 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}

/** `950`, `12.3k`, `4.56M`. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return '?';
  if (Math.abs(value) < 1000) return String(Math.round(value));
  if (Math.abs(value) < 999_950) return `${(value / 1000).toFixed(1)}k`;
  if (Math.abs(value) < 999_995_000) return `${(value / 1e6).toFixed(2)}M`;
  return `${(value / 1e9).toFixed(2)}G`;
}

/** `$0.0123`, `$12.30`, `0.50 EUR`; four decimals below one unit, since calls cost fractions of a cent. */
export function money(amount: number, currency: string | undefined): string {
  const digits = Math.abs(amount) < 1 && amount !== 0 ? 4 : 2;
  const isTiny = amount > 0 && amount < 0.00005;
  const figure = isTiny ? '0.0001' : amount.toFixed(digits);
  const sign = isTiny ? '<' : '';
  return currency === undefined || currency === 'USD' ? `${sign}$${figure}` : `${sign}${figure} ${currency}`;
}

/** `12%`, `0.4%`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '?';
  const value = share * 100;
  return `${value !== 0 && Math.abs(value) < 9.95 ? value.toFixed(1) : value.toFixed(0)}%`;
}

/** `512 MiB`, `23.4 GiB`. */
export function bytes(value: number): string {
  const mebi = value / 1_048_576;
  return mebi < 1024 ? `${mebi.toFixed(0)} MiB` : `${(mebi / 1024).toFixed(1)} GiB`;
}

/** `1 task`, `3 tasks`. */
export function plural(value: number, singular: string, several = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : several}`;
}
