/** The repository's boards as ConfigMaps, one each, for the sidecar of Grafana's chart. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS_UID, TRACES_UID } from './stores.ts';
import { generated, type Files } from './files.ts';

const SOURCE = 'grafana/dashboards';

interface Variable {
  readonly type: string;
  readonly query?: unknown;
}

export function boardFiles(root: string): Files {
  const names = readdirSync(join(root, SOURCE))
    .filter((name) => name.endsWith('.json'))
    .sort();
  if (names.length === 0) throw new Error(`${SOURCE} holds no board.`);
  return {
    'deploy/components/boards/kustomization.yaml': () => component(names),
    ...Object.fromEntries(
      names.map((name) => [
        `deploy/components/boards/generated/${name}`,
        () => withDatasources(readFileSync(join(root, SOURCE, name), 'utf8')),
      ]),
    ),
  };
}

/** On one machine there is one store of each kind; in a cluster others may be the default, so a board opens with ours. */
function withDatasources(text: string): string {
  const board = JSON.parse(text) as { templating: { list: Variable[] } };
  const uids: Readonly<Record<string, string>> = { prometheus: METRICS_UID, tempo: TRACES_UID };
  const list = board.templating.list.map((variable) => {
    const uid = variable.type === 'datasource' ? uids[String(variable.query)] : undefined;
    return uid === undefined ? variable : { ...variable, current: { text: uid, value: uid } };
  });
  return `${JSON.stringify({ ...board, templating: { ...board.templating, list } })}\n`;
}

function component(names: readonly string[]): string {
  const configMaps = names.map(
    (name) => `  - { name: ${name.replace('swarmscope-', 'swarmscope-board-').replace('.json', '')}, files: [generated/${name}] }\n`,
  );
  return generated(
    SOURCE,
    `# The boards, for the sidecar of Grafana's chart (kube-prometheus-stack has it): sidecar.dashboards.searchNamespace must name this namespace, or ALL.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
configMapGenerator:
${configMaps.join('')}generatorOptions: { disableNameSuffixHash: true, labels: { grafana_dashboard: '1' } }
`,
  );
}
