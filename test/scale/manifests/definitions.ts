/** Kinds that operators bring into a cluster. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { goFor } from '../../../tools/stack-binaries.ts';
import { repository } from '../../harness/paths.ts';
import type { KubeObject } from './objects.ts';

const OPERATOR = 'github.com/prometheus-operator/prometheus-operator@v0.85.0';
/** Of its module, which is fetched for these two files. */
const FILES = ['servicemonitors', 'prometheusrules'].map((name) => `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`);

/** The Prometheus Operator's own definitions, of its release, with the checksum that tools/stack/definitions pins. */
export function prometheusOperator(): KubeObject[] {
  const cwd = join(repository, 'tools/stack/definitions');
  const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', GOWORK: 'off' };
  const { Dir, Sum } = JSON.parse(
    execFileSync(goFor('kustomize'), ['mod', 'download', '-json', OPERATOR], { cwd, env, encoding: 'utf8', stdio: 'pipe' }),
  ) as { Dir: string; Sum: string };
  const known = readFileSync(join(cwd, 'go.sum'), 'utf8');
  if (!known.includes(`${OPERATOR.replace('@', ' ')} ${Sum}`))
    throw new Error(`${OPERATOR} has the checksum ${Sum}, which go.sum does not know`);
  return FILES.map((file) => parse(readFileSync(join(Dir, file), 'utf8')) as KubeObject);
}

const text = { type: 'string' };
const quantities = { type: 'object', additionalProperties: text };

/**
 * The fields of the OpenTelemetry Operator's Instrumentation that deploy/ sets, by its API's documentation: its module cannot be had here, so this
 * holds their names and types, and not the rest.
 */
export const instrumentation = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'instrumentations.opentelemetry.io' },
  spec: {
    group: 'opentelemetry.io',
    scope: 'Namespaced',
    names: { kind: 'Instrumentation', plural: 'instrumentations', singular: 'instrumentation', listKind: 'InstrumentationList' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  exporter: { type: 'object', properties: { endpoint: text } },
                  propagators: { type: 'array', items: { type: 'string', enum: ['tracecontext', 'baggage', 'b3', 'none'] } },
                  env: { type: 'array', items: { type: 'object', required: ['name'], properties: { name: text, value: text } } },
                  nodejs: {
                    type: 'object',
                    properties: {
                      image: text,
                      volumeLimitSize: text,
                      resourceRequirements: { type: 'object', properties: { limits: quantities, requests: quantities } },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
} as const satisfies KubeObject;
