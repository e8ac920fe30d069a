/** Whose certificates are believed: Node's list, the system's, and what the user's variables name, as his programs do. */
import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { readNamed } from '../config/small-file.ts';

/** Of Node, OpenSSL (Python's httpx, Go), requests and curl. */
const FILES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'] as const;

/** Made once: reading some three hundred certificates takes a tenth of a second. */
export function createTrust(environment: Readonly<Record<string, string | undefined>>): SecureContext {
  const certificates = new Set<string>([...listed('default'), ...listed('system')]);
  for (const name of FILES) for (const certificate of inFile(environment[name] ?? '')) certificates.add(certificate);
  return createSecureContext({ ca: [...certificates] });
}

function listed(kind: 'default' | 'system'): string[] {
  try {
    return getCACertificates(kind);
  } catch {
    // A system without a store.
    return [];
  }
}

/** One by one, since a file may hold one that cannot be read. */
function inFile(path: string): string[] {
  if (path === '') return [];
  try {
    const text = readNamed(path).toString('latin1');
    return (text.match(/-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g) ?? []).filter(isReadable);
  } catch {
    // ENOENT, a folder: the user's programs do without it, or say so themselves.
    return [];
  }
}

function isReadable(certificate: string): boolean {
  try {
    return new X509Certificate(certificate).raw.length > 0;
  } catch {
    // One that OpenSSL refuses would cost all the others.
    return false;
  }
}
