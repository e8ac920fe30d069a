/** Numbers and times as a panel writes them, by Grafana's unit ids. */

const steps: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  short: [
    [1e9, ' Bil'],
    [1e6, ' Mil'],
    [1e3, ' K'],
    [1, ''],
  ],
  bytes: [
    [2 ** 30, ' GiB'],
    [2 ** 20, ' MiB'],
    [2 ** 10, ' KiB'],
    [1, ' B'],
  ],
  s: [
    [3600, ' h'],
    [60, ' min'],
    [1, ' s'],
    [1e-3, ' ms'],
    [1e-6, ' µs'],
  ],
};

/** `1.52 s`, `62`, `37 %`, `$0.147`. */
export function inUnit(value: number, unit: string): string {
  if (unit === 'percentunit') return `${rounded(100 * value)} %`;
  if (unit === 'currencyUSD') return `$${rounded(value)}`;
  if (unit === 'Bps') return `${inUnit(value, 'bytes')}/s`;
  const scale = steps[unit] ?? steps['short'] ?? [];
  // What is smaller than all of them, zero among it, stands in the plain unit.
  const [size, name] = scale.find(([from]) => Math.abs(value) >= from) ?? scale.find(([from]) => from === 1) ?? [1, ''];
  return `${rounded(value / size)}${name}`;
}

/** Three digits that count, no more than are there. */
function rounded(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return String(Number(Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)));
}

/** About `count` round numbers from zero to at least `max`. */
export function ticksTo(max: number, count: number): number[] {
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough > 0 ? rough : 1));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** `18:34:05`, in universal time: a picture has no time zone. */
export function clock(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(11, 19);
}
