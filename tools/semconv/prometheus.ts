/**
 * Names of metrics after OTLP translation with underscores and suffixes, the default of Prometheus and the Collector.
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */

const UNIT_WORDS: Readonly<Record<string, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  By: 'bytes',
  J: 'joules',
  W: 'watts',
  Cel: 'celsius',
  Hz: 'hertz',
  '%': 'percent',
};

/** The Prometheus name; for a histogram the name before `_bucket`, `_sum` and `_count`. */
export function prometheusName(metric: { name: string; unit: string; instrument: string }): string {
  const words = metric.name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  for (const word of unitWords(metric.unit)) if (!words.includes(word)) words.push(word);
  if (metric.instrument === 'counter') return [...words.filter((word) => word !== 'total'), 'total'].join('_');
  if (metric.instrument === 'gauge' && metric.unit === '1') return [...words.filter((word) => word !== 'ratio'), 'ratio'].join('_');
  return words.join('_');
}

function unitWords(unit: string): string[] {
  const bare = unit.replaceAll(/\{[^}]*\}/g, '');
  const [base = '', per] = bare.split('/');
  const words = UNIT_WORDS[base] === undefined ? [] : [UNIT_WORDS[base]];
  return per === 's' ? [...words, 'per', 'second'] : words;
}
