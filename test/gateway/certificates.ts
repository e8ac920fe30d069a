// Certificates of one's own, made by openssl.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../harness/index.ts';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** File with its certificate. */
  readonly file: string;
  /** For a server at `name`. Of 0 days: it runs out with the second in which it is made. */
  issue(name: string, days?: number): Certificate;
}

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export function makeAuthority(): Authority {
  const folder = freshFolder('ca');
  const at = (name: string): string => join(folder, name);
  openssl('req', '-x509', ...KEY, '-days', '2', '-subj', '/CN=a private authority', '-out', at('ca.pem'), '-keyout', at('ca.key'));
  return {
    file: at('ca.pem'),
    issue(name, days = 1) {
      openssl('req', ...KEY, '-subj', `/CN=${name}`, '-out', at(`${name}.csr`), '-keyout', at(`${name}.key`));
      writeFileSync(at('names'), `subjectAltName=DNS:${name}\n`);
      const signed = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('names'), '-out', at(`${name}.pem`)];
      openssl('x509', '-req', '-in', at(`${name}.csr`), ...signed, '-days', String(days));
      return { key: readFileSync(at(`${name}.key`), 'utf8'), cert: readFileSync(at(`${name}.pem`), 'utf8') };
    },
  };
}
