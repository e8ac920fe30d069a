/** The recipe of deploy/README.md for swarms in Python: real packages from a folder that is mounted, against both tiers. */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { repository, runProgram, startModels } from '../harness/index.ts';
import { describeWith, START_LIMIT_MS } from '../harness/stack/index.ts';
import { installPython } from '../python/install.ts';
import { untilTotal } from './tiers/expect.ts';
import { startTiers, type Tiers } from './tiers/tiers.ts';

const TASKS = 4;

describeWith(
  'tempo',
  'prometheus',
  'collector',
)('a swarm in Python with OpenTelemetry’s distribution', () => {
  let tiers: Tiers;
  let packages: string;
  beforeAll(async () => {
    const python = installPython(join(repository, 'examples/python-swarm/requirements.txt'));
    const where = 'import sysconfig; print(sysconfig.get_path("purelib"))';
    packages = execFileSync(join(dirname(python), 'python'), ['-c', where], { encoding: 'utf8' }).trim();
    tiers = await startTiers({ agents: { overlays: ['shards-2.yaml', 'fold.yaml'] } });
  }, START_LIMIT_MS);
  afterAll(() => tiers.stop());

  test('tells its calls in the words of the boards, each once, from a Python that has no package installed', async () => {
    const models = await startModels();
    const ran = await runProgram({
      command: 'python3',
      args: [join(repository, 'examples/python-swarm/swarm.py'), 'threads'],
      preload: 'none',
      env: {
        ...models.env,
        // As the image of the recipe is laid out: what starts itself comes first, then all packages.
        PYTHONPATH: `${packages}/opentelemetry/instrumentation/auto_instrumentation:${packages}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        OTEL_EXPORTER_OTLP_ENDPOINT: tiers.endpoints[0],
        OTEL_SERVICE_NAME: 'python-swarm',
      },
    });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    await untilTotal(tiers, 'gen_ai_client_inference_duration_seconds_count', 'python-swarm', TASKS);
    const counted = await tiers.stores.query(
      'sum by (swarmscope_dialect, gen_ai_request_model) (gen_ai_client_inference_duration_seconds_count)',
    );
    expect(counted).toEqual([{ labels: { swarmscope_dialect: 'openinference', gen_ai_request_model: 'gpt-4o-mini' }, value: TASKS }]);
    await untilTotal(tiers, 'traces_span_metrics_calls_total', 'python-swarm', TASKS);
  });
});
