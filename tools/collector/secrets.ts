/** Patterns of credentials, for the collector's mask behind the senders' own. One table for attributes, bodies and names. */
import { quote } from './statements.ts';

const MASK = '****';

/** RE2; each begins with letters that are rarely met, so that ordinary text is passed quickly. */
const SECRETS: readonly string[] = [
  // OpenAI, Anthropic, OpenRouter
  'sk-[A-Za-z0-9_-]{20,}',
  // Stripe
  '[rs]k_live_[A-Za-z0-9]{16,}',
  // GitHub, GitLab
  'gh[pousr]_[A-Za-z0-9]{36}',
  'github_pat_[A-Za-z0-9_]{40,}',
  'glpat-[A-Za-z0-9_-]{20,}',
  // npm, Hugging Face, Slack
  'npm_[A-Za-z0-9]{36}',
  'hf_[A-Za-z0-9]{30,}',
  'xox[abprs]-[A-Za-z0-9-]{10,}',
  // AWS, Google
  'A(?:KIA|SIA)[0-9A-Z]{16}',
  'AIza[0-9A-Za-z_-]{35}',
  // JSON Web Tokens, and what else follows the word
  'eyJ[A-Za-z0-9_-]+\\.eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+',
  '[Bb]earer [A-Za-z0-9._~+/-]{20,}=*',
  // In URLs
  '://[^\\s/:@]+:[^\\s/@]+@',
  // With what stands between the marks
  '-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\\z)',
];

/** Attributes of resources, scopes, spans, events, records and points, and bodies. */
export function redaction(): Record<string, unknown> {
  // All types: a list is masked as its JSON text.
  return { allow_all_keys: true, redact_all_types: true, blocked_values: [...SECRETS], summary: 'silent' };
}

/** What the redaction processor does not look at: names and messages. */
export function secretsInNames(): Record<string, unknown> {
  const pattern = quote(SECRETS.join('|'));
  const mask = (path: string): string => `replace_pattern(${path}, ${pattern}, ${quote(MASK)})`;
  return {
    error_mode: 'ignore',
    trace_statements: [
      { context: 'span', statements: [mask('span.name'), mask('span.status.message')] },
      { context: 'spanevent', statements: [mask('spanevent.name')] },
    ],
  };
}
