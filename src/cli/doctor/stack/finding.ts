/** Findings of `doctor --stack`, and what is said for each of the usual reasons why a program does not answer. */
import type { Finding } from '../finding.ts';
import type { Answer } from './ask.ts';
import { partOf, type PartName, type Places } from './parts.ts';

/** A part, one of the three things that were sent, or the rules. */
export type Subject = PartName | 'span' | 'point' | 'log' | 'tiers' | 'targets' | 'rules' | 'alerting' | 'doors' | 'settings';

export interface StackFinding extends Finding {
  readonly subject: Subject;
}

export function ok(subject: Subject, text: string): StackFinding {
  return { subject, level: 'ok', text };
}

export function note(subject: Subject, text: string, next?: string): StackFinding {
  return { subject, level: 'note', text, ...(next === undefined ? {} : { next }) };
}

export function problem(subject: Subject, text: string, next?: string): StackFinding {
  return { subject, level: 'problem', text, ...(next === undefined ? {} : { next }) };
}

interface Reason {
  readonly when: (answer: Answer) => boolean;
  readonly says: (answer: Answer) => string;
  readonly next: (name: PartName) => string;
}

const log = (name: PartName): string => `docker compose logs ${partOf(name).service}`;
const flag = (name: PartName): string => {
  const given = partOf(name).flag;
  return given === undefined ? '--stack URL' : `--stack --${given.name} URL`;
};
const hasCode = (pattern: RegExp) => (answer: Answer) => pattern.test(answer.problem);
const hasStatus =
  (...statuses: readonly number[]) =>
  (answer: Answer) =>
    statuses.includes(answer.status);

/** Tried in order; the first one that fits is told. */
const REASONS: readonly Reason[] = [
  {
    when: hasCode(/^ECONNREFUSED$/),
    says: () => 'nothing listens there',
    next: (name) =>
      `docker compose up -d ${partOf(name).service}; if it ends again, ${log(name)}; if it is elsewhere, swarmscope doctor ${flag(name)}`,
  },
  {
    when: hasCode(/^(ENOTFOUND|EAI_AGAIN)$/),
    says: () => 'that host has no address',
    next: (name) => `name the right one: swarmscope doctor ${flag(name)}`,
  },
  {
    when: hasCode(/^timeout$/),
    says: () => 'it takes the connection and does not answer',
    next: (name) => `${log(name)}; docker compose restart ${partOf(name).service}`,
  },
  {
    when: hasCode(/^HPE_|^bad_response$/),
    says: () => 'something answers that does not speak HTTP/1.1; a gRPC port does that (OTLP over HTTP is 4318, over gRPC 4317)',
    next: (name) => `name its HTTP port: swarmscope doctor ${flag(name)}`,
  },
  {
    when: hasCode(/CERT|^EPROTO$|SSL|TLS|UNABLE_TO|SELF_SIGNED/),
    says: ({ problem: code }) => `TLS fails (${code})`,
    next: (name) =>
      name === 'collector'
        ? 'OTEL_EXPORTER_OTLP_CERTIFICATE names the file with the CA certificate; http:// or https:// must be what it speaks'
        : 'NODE_EXTRA_CA_CERTS names the file with the CA certificate; http:// or https:// must be what it speaks',
  },
  {
    when: ({ status }) => status === 0,
    says: ({ problem: code }) => `no answer (${code})`,
    next: log,
  },
  {
    // Servers written in Go answer so in plain text.
    when: ({ status, text }) => status === 400 && /to an HTTPS server/.test(text),
    says: () => 'it speaks https',
    next: (name) => `name it with https://: swarmscope doctor ${flag(name)}`,
  },
  {
    when: hasStatus(401, 403),
    says: ({ status }) => `it refuses our credentials (${status})`,
    next: (name) =>
      name === 'collector'
        ? 'OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN, as the swarm needs it too'
        : `its user into the URL, its password into a file: swarmscope doctor --stack --${partOf(name).flag?.name ?? name} http://USER@HOST:PORT --password-file FILE`,
  },
  {
    // Grafana's data source says so.
    when: ({ status, text }) => status === 400 && /Authentication to data source failed/.test(text),
    says: () => 'it refuses the credentials of Grafana',
    next: (name) => `give Grafana's data source ${partOf(name).title} the login: grafana/provisioning/datasources`,
  },
  {
    when: hasStatus(502, 504),
    says: ({ status }) => `Grafana, or another proxy, cannot reach it (${status})`,
    next: (name) => `docker compose up -d ${partOf(name).service}; if it ends again, ${log(name)}`,
  },
  {
    when: ({ status, text }) => status === 404 && /data ?source/i.test(text),
    says: () => 'Grafana has no such data source',
    next: () => 'mount grafana/provisioning of this version, then docker compose restart grafana',
  },
  {
    when: hasStatus(429, 503),
    says: ({ status }) => `it refuses for now (${status})`,
    next: (name) => `it is short of memory or just starting: ${log(name)}; docker stats`,
  },
];

/** Why an answer is not what it should be, in words and with the next thing to do. */
export function unanswered(subject: Subject, name: PartName, answer: Answer, { urls }: Places): StackFinding {
  const reason = REASONS.find(({ when }) => when(answer));
  const says = reason?.says(answer) ?? `something else answers there (${answer.status}), not ${partOf(name).title}`;
  return problem(subject, `${urls[name]}: ${says}`, reason?.next(name) ?? `name the right URL: swarmscope doctor ${flag(name)}`);
}
