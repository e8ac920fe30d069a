/** The parts of Kubernetes' objects that tests look at. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string }; readonly secretRef?: { readonly name: string } }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: { readonly limits: Readonly<Record<string, string>>; readonly requests: Readonly<Record<string, string>> };
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

interface ConfigMapSource {
  readonly name: string;
  readonly items?: readonly { readonly key: string; readonly path: string }[];
}

export interface Volume {
  readonly name: string;
  readonly configMap?: ConfigMapSource;
  readonly projected?: { readonly sources: readonly { readonly configMap?: ConfigMapSource }[] };
  readonly secret?: { readonly secretName: string };
  readonly emptyDir?: { readonly sizeLimit?: string };
  readonly hostPath?: { readonly path: string };
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly automountServiceAccountToken?: boolean;
  readonly terminationGracePeriodSeconds: number;
}

/** A DaemonSet, a StatefulSet or a Deployment. */
export interface Workload {
  readonly name: string;
  readonly replicas: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: PodSpec;
  readonly container: Container;
  /** Bytes of the claim that the volume of this name has. */
  readonly claims: Readonly<Record<string, number>>;
}

interface WorkloadSpec {
  readonly replicas?: number;
  readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> }; readonly spec: PodSpec };
  readonly volumeClaimTemplates?: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
  }[];
}

/** All objects that make pods. */
export function workloads(objects: readonly KubeObject[]): Workload[] {
  return objects
    .filter(({ kind }) => ['DaemonSet', 'StatefulSet', 'Deployment'].includes(kind))
    .map(({ metadata: { name }, spec }) => {
      const { replicas, template, volumeClaimTemplates = [] } = spec as unknown as WorkloadSpec;
      const [container, ...more] = template.spec.containers;
      if (container === undefined || more.length > 0) throw new Error(`${name} has not one container`);
      const claims = volumeClaimTemplates.map((claim) => [claim.metadata.name, bytes(claim.spec.resources.requests.storage)]);
      return {
        name,
        replicas,
        labels: template.metadata.labels,
        pod: template.spec,
        container,
        claims: Object.fromEntries(claims) as Record<string, number>,
      };
    });
}

/** The data of a ConfigMap. Throws when there is none of the name. */
export function configMap(objects: readonly KubeObject[], name: string): Readonly<Record<string, string>> {
  const found = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  if (found?.data === undefined) throw new Error(`no ConfigMap ${name}`);
  return found.data;
}

/** Files that pods find below a mount, by name. Throws when the ConfigMap or a key does not exist. */
export function filesOf(objects: readonly KubeObject[], volume: Volume): Record<string, string> {
  const sources = [volume.configMap, ...(volume.projected?.sources ?? []).map((source) => source.configMap)];
  const files = sources.flatMap((source) => {
    if (source === undefined) return [];
    const data = configMap(objects, source.name);
    const items = source.items ?? Object.keys(data).map((key) => ({ key, path: key }));
    return items.map(({ key, path }): [string, string] => {
      const text = data[key];
      if (text === undefined) throw new Error(`ConfigMap ${source.name} has no key ${key}`);
      return [path, text];
    });
  });
  if (new Set(files.map(([path]) => path)).size < files.length) throw new Error(`two files of one name in the volume ${volume.name}`);
  return Object.fromEntries(files);
}

/** Variables of the container that are plain text or come from ConfigMaps. */
export function environmentOf(objects: readonly KubeObject[], { env = [], envFrom = [] }: Container): Record<string, string> {
  const fromMaps = envFrom.flatMap(({ configMapRef }) => (configMapRef === undefined ? [] : [configMap(objects, configMapRef.name)]));
  return Object.assign({}, ...fromMaps, Object.fromEntries(env.map(({ name, value = 'set-by-the-kubelet' }) => [name, value]))) as Record<
    string,
    string
  >;
}

const UNITS: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, MiB: 2 ** 20, Gi: 2 ** 30 };

/** `10Gi` as a number. */
export function bytes(quantity: string): number {
  const [, number, unit = ''] = /^(\d+)(Ki|MiB|Mi|Gi)$/.exec(quantity) ?? [];
  const factor = UNITS[unit];
  if (number === undefined || factor === undefined) throw new Error(`not a quantity of bytes: ${quantity}`);
  return Number(number) * factor;
}
