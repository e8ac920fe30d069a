// A real Prometheus on a free port with its OTLP receiver on, and exact questions to it.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackBinary } from '../../../tools/stack-binaries.ts';
import { freshFolder, type Sink } from '../../harness/index.ts';

export interface Prometheus {
  /** For OTEL_EXPORTER_OTLP_METRICS_ENDPOINT. */
  readonly metricsUrl: string;
  /** The value of each resulting series, by its labels as JSON; evaluated a second from now, so that the newest point counts. */
  query(expression: string): Promise<Map<string, number>>;
  /** Names of the series there are whose name matches as a whole. */
  names(pattern: string): Promise<string[]>;
  /** The one value of an expression without labels; undefined when there is none. */
  value(expression: string): Promise<number | undefined>;
  /** Sends what a sink accepted, byte for byte and in the same order. */
  replay(sink: Sink): Promise<void>;
  close(): Promise<void>;
}

/** As in the stack: late points of a backlog are taken. */
const config = `
otlp: {translation_strategy: UnderscoreEscapingWithSuffixes, keep_identifying_resource_attributes: true}
storage: {tsdb: {out_of_order_time_window: 30m}}
`;

/** Builds it first where it is missing, which takes minutes. */
export async function startPrometheus(): Promise<Prometheus> {
  const folder = freshFolder('prometheus');
  const configFile = join(folder, 'prometheus.yml');
  writeFileSync(configFile, config);
  const child = spawn(
    stackBinary('prometheus'),
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      '--web.enable-otlp-receiver',
      // `increase(x[1h] anchored)`: from first to last sample, without extrapolation.
      '--enable-feature=promql-extended-range-selectors',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-20_000);
      const address = /msg="?Listening on"? .*?address=(127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (address !== undefined && log.includes('ready to receive web requests')) resolve(`http://${address}`);
    });
    void ended.then(() => reject(new Error(`Prometheus ended before it was ready: ${log}`)));
  });
  const metricsUrl = `${url}/api/v1/otlp/v1/metrics`;
  const query: Prometheus['query'] = async (expression) => {
    const body = new URLSearchParams({ query: expression, time: String(Date.now() / 1_000 + 1) });
    const answer = (await (await fetch(`${url}/api/v1/query`, { method: 'POST', body })).json()) as {
      error?: string;
      data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    if (answer.data === undefined) throw new Error(`${expression}: ${answer.error}`);
    return new Map(answer.data.result.map(({ metric, value }) => [JSON.stringify(metric), Number(value[1])]));
  };
  return {
    metricsUrl,
    query,
    value: async (expression) => (await query(expression)).values().next().value,
    async names(pattern) {
      const groups = await query(`group by (__name__) (last_over_time({__name__=~"${pattern}"}[1h]))`);
      return [...groups.keys()].map((labels) => (JSON.parse(labels) as Record<string, string>)['__name__'] ?? '');
    },
    async replay(sink) {
      for (const { body, contentType } of sink.accepted('metrics')) {
        const answer = await fetch(metricsUrl, { method: 'POST', headers: { 'content-type': contentType }, body: new Uint8Array(body) });
        if (!answer.ok) throw new Error(`Prometheus answers ${answer.status}: ${await answer.text()}`);
      }
    },
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
