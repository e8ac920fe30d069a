/** What counts as a credential: the one table behind everything that is scrubbed, and behind its list in docs/privacy.md. */

/** A list as it is written here: words with spaces between them, taken apart at the first use. */
export const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What stands in place of a credential. */
export const HIDDEN = '***';

/** Words of a name. A name is split at `-`, `_`, `.`, digits and capitals: `OPENAI_KEY` and `openaiKey` are `openai key`. */
export const NAME_WORDS = {
  /** Such a name has a secret as its value, in every form. */
  secret: `
    token secret secrets password passwords passwd passphrase passcode passkey credential credentials creds authorization
    bearer cookie cookies jwt apikey apikeys accesskey secretkey privatekey authkey authtoken accesstoken
  `,
  /** As the only word of a name they have other meanings too: in `name: value` the value has to look like a secret. */
  short: 'key keys pass pwd auth sig signature otp pin header headers',
  /** Endings of a word that is written without a break: `PGPASSWORD`, `githubtoken`, `SSHPASS`, `openaikey`. */
  endings: 'token secret password passwd passphrase credential credentials apikey cookie pass key header headers',
  /** Beginnings of such a word: `passwordhash`, `secretvalue`. */
  beginnings: 'password passwd passphrase secret apikey',
} as const;

/** What only looks like one of these words. */
export const OTHER_WORDS = `
  monkey donkey turkey hockey jockey whiskey hotkey hotkeys lackey smokey pubkey primarykey foreignkey sortkey partitionkey
  bypass compass encompass trespass overpass underpass surpass multipass secretary secretariat secretly passwordless subheader subheaders
`;

/** Words before `key` and before `token` with which the name speaks of something else: `primary-key`, `eos_token`. */
export const HARMLESS_BEFORE: Readonly<Record<'key' | 'token', string>> = {
  key: 'primary foreign sort partition public shard row column group map dict hot cache routing event idempotency',
  token: 'eos bos pad unk mask cls sep stop special image first last per next page continuation',
};

/** A name that ends in one of these speaks about a secret and has none: `--token-limit 5`, `password_file`, `key-type`. */
export const HARMLESS_AFTER = `
  limit limits count counts size sizes length len budget type types usage rate ratio price cost window index position
  level name names file files path dir folder url uri endpoint method mode algorithm alg version format policy checking
  expiry expires ttl timeout lifetime prompt enabled required provider store helper stdin bytes bits max min total
`;

/** `tokens` are counted in this trade; only after these words they are credentials. */
export const BEFORE_TOKENS = 'api auth access refresh bearer secret service session deploy bot';

/** Headers whose name is shown without its value; a header of another name goes as a whole. */
export const KNOWN_HEADERS = `
  accept accept-encoding accept-language cache-control content-length content-type host if-match if-none-match origin
  referer user-agent x-forwarded-for x-request-id
`;
/** Headers with several words: the value is the rest of the line. */
export const LINE_HEADERS = 'authorization proxy-authorization cookie set-cookie';
/** Words before a credential in a header's value. */
export const AUTH_SCHEMES = 'bearer basic token digest apikey api-key negotiate aws4-hmac-sha256 sso-key';

export interface ProgramOptions {
  /** The next word is a secret. */
  readonly next?: readonly string[];
  /** The rest of the same word is one. */
  readonly joined?: readonly string[];
  /** The secret comes by standard input: a here-string, or what `echo` hands over. */
  readonly stdin?: readonly string[];
}

const mysql: ProgramOptions = { joined: ['-p'] };
const ldap: ProgramOptions = { next: ['-w'], joined: ['-w'] };
const archiver: ProgramOptions = { joined: ['-p', '-hp'] };
const database: ProgramOptions = { next: ['-p'] };
const putty: ProgramOptions = { next: ['-pw'] };
const sqlServer: ProgramOptions = { next: ['-P'], joined: ['-P'] };
const powershell: ProgramOptions = { next: ['-EncodedCommand', '-encodedcommand', '-enc', '-ec', '-e'] };

/** Options whose name does not tell, by program. `login`, `secret` are subcommands: `docker login -p`, `gh secret set -b`. */
export const PROGRAM_OPTIONS: Readonly<Record<string, ProgramOptions>> = {
  // These end the options of a program before them: `sshpass -p … ssh -p 22`.
  git: {},
  ssh: {},
  scp: {},
  rsync: {},
  curl: { next: ['-b', '-E', '--cert', '--proxy-cert'] },
  sshpass: { next: ['-p'], joined: ['-p'] },
  mysql,
  mysqldump: mysql,
  mysqladmin: mysql,
  mysqlimport: mysql,
  mysqlsh: mysql,
  mariadb: mysql,
  'mariadb-dump': mysql,
  mongo: database,
  mongosh: database,
  mongodump: database,
  mongorestore: database,
  cqlsh: database,
  'redis-cli': { next: ['-a'] },
  sqlcmd: sqlServer,
  bcp: sqlServer,
  ldapsearch: ldap,
  ldapadd: ldap,
  ldapmodify: ldap,
  ldapwhoami: ldap,
  plink: putty,
  pscp: putty,
  putty,
  openssl: { next: ['-passin', '-passout', '-pass', '-k', '-K'] },
  'ssh-keygen': { next: ['-N', '-P'] },
  zip: { next: ['-P'] },
  unzip: { next: ['-P'], joined: ['-P'] },
  '7z': archiver,
  '7za': archiver,
  '7zz': archiver,
  rar: archiver,
  unrar: archiver,
  http: { next: ['-a'] },
  https: { next: ['-a'] },
  xh: { next: ['-a'] },
  smbclient: { next: ['-U'] },
  login: { next: ['-p'], stdin: ['--password-stdin', '--with-token'] },
  secret: { next: ['-b', '--body'] },
  sudo: { stdin: ['-S', '--stdin'] },
  powershell,
  pwsh: powershell,
};

/** Options of any program whose value is a secret where it has the form `user:password`. */
export const USER_OPTIONS = '-u --user -U --proxy-user';
/** After these words a name and its value are two words: `aws configure set aws_secret_access_key …`. */
export const SETTERS = 'set setx put config --add --global --local --system --replace-all';

/** Keys that are known by their first letters; what follows are at least `min` characters of keys. */
export interface Shape {
  readonly of: string;
  /** Written as it begins. */
  readonly starts: readonly string[];
  readonly min: number;
  /** Words begin like it, too: what follows up to the first mark has a digit, or is longer than a word. */
  readonly isLikeWord?: true;
}

/** Letters without a digit or a mark that make no word. */
export const LONGER_THAN_A_WORD = 16;

export const SHAPES: readonly Shape[] = [
  { of: 'OpenAI, Anthropic, OpenRouter, DeepSeek and others', starts: ['sk-'], min: 10, isLikeWord: true },
  { of: 'Stripe', starts: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'], min: 8 },
  { of: 'GitHub', starts: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'], min: 8 },
  { of: 'GitLab', starts: ['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-', 'glsoat-'], min: 8 },
  { of: 'Slack', starts: ['xoxa-', 'xoxb-', 'xoxc-', 'xoxd-', 'xoxe-', 'xoxe.', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'], min: 8 },
  { of: 'AWS', starts: ['AKIA', 'ASIA'], min: 12, isLikeWord: true },
  { of: 'Google', starts: ['AIza', 'ya29.', 'GOCSPX-'], min: 8 },
  { of: 'npm, PyPI, Docker', starts: ['npm_', 'pypi-AgEI', 'dckr_pat_', 'dckr_oat_'], min: 8, isLikeWord: true },
  { of: 'Hugging Face, Replicate', starts: ['hf_', 'r8_'], min: 8, isLikeWord: true },
  {
    of: 'Groq, xAI, Perplexity, NVIDIA, Fireworks, Cerebras',
    starts: ['gsk_', 'xai-', 'pplx-', 'nvapi-', 'fw_', 'csk-'],
    min: 12,
    isLikeWord: true,
  },
  { of: 'LangSmith, Tavily, Langfuse', starts: ['lsv2_', 'tvly-', 'pk-lf-'], min: 8, isLikeWord: true },
  { of: 'SendGrid, Linear, Notion, Figma, Postman', starts: ['SG.', 'lin_api_', 'ntn_', 'figd_', 'PMAK-'], min: 12, isLikeWord: true },
  {
    of: 'DigitalOcean, Shopify, Square, Atlassian',
    starts: ['dop_v1_', 'doo_v1_', 'shpat_', 'shpss_', 'sq0atp-', 'sq0csp-', 'ATATT3x'],
    min: 8,
  },
  {
    of: 'Vault, Tailscale, Databricks, Supabase, age',
    starts: ['hvs.', 'hvb.', 'tskey-', 'dapi', 'sbp_', 'AGE-SECRET-KEY-'],
    min: 12,
    isLikeWord: true,
  },
];

/** Places in the web whose path is the credential. */
export const SECRET_PLACES = 'hooks.slack.com/services/ discord.com/api/webhooks/ api.telegram.org/bot';
