// What deploy/ gives the pods of stores: the arguments of their containers, with the variables put in as the kubelet does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { repository } from '../../harness/paths.ts';
import { replaceAll } from '../../harness/stack/replace.ts';
import type { Container, KubeObject } from '../manifests/objects.ts';

export interface ArgumentsOptions {
  /** Put in for `$(NAME)`. Throws when one is asked for that is not here. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Addresses and folders of a cluster become those of this machine; each must be there. */
  readonly places: Readonly<Record<string, string>>;
}

/** Of the one container of deploy/components/{component}/{name}.yaml. */
export function argumentsOf(component: string, name: string, { variables = {}, places }: ArgumentsOptions): string[] {
  const file = `deploy/components/${component}/${name}.yaml`;
  const objects = parseAllDocuments(readFileSync(join(repository, file), 'utf8')).map((document) => document.toJS() as KubeObject);
  const workload = objects.find(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment');
  const template = workload?.spec?.['template'] as { spec: { containers: readonly Container[] } } | undefined;
  const [container] = template?.spec.containers ?? [];
  if (container === undefined) throw new Error(`${file} has no container`);
  return replaceAll(file, container.args.join('\n'), places)
    .replaceAll(/\$\((\w+)\)/g, (_, variable: string) => {
      const value = variables[variable];
      if (value === undefined) throw new Error(`${file} asks for ${variable}`);
      return value;
    })
    .split('\n');
}

export const componentFile = (path: string): string => readFileSync(join(repository, 'deploy/components', path), 'utf8');
