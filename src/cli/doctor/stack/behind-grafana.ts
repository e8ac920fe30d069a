/** The way to Prometheus, Tempo and Alertmanager, which publish no port: through Grafana's data sources, with its login. */
import { ask } from './ask.ts';
import { note, ok, problem, unanswered, type StackFinding } from './finding.ts';
import { askedOf, PART_NAMES, PARTS, partOf, type Headers, type PartName, type Places } from './parts.ts';
import { PASSWORD_FILE, type Password } from './password.ts';

export interface Entered {
  /** With the URLs and logins by which each part can be asked. */
  readonly places: Places;
  readonly findings: readonly StackFinding[];
  /** Parts that are behind Grafana, which cannot be asked. */
  readonly closed: ReadonlySet<PartName>;
}

const USER = 'admin';
const DEFAULT_PASSWORD = 'admin';
/** Refuses everybody but a user, and everybody who is not let in without a login. */
const WHO = '/api/user';
const ANY = '/api/search?limit=1';

/** Whether it is Grafana and lets us in, and the places as they are asked from now on. */
export async function enterGrafana(places: Places, password: Password): Promise<Entered> {
  const direct = { ...places, logins: loginsOf(places, password.text) };
  const behind = askedOf(places).filter((name) => partOf(name).source !== undefined && !places.named.has(name));
  const stay = (...findings: StackFinding[]): Entered => ({ places: direct, findings, closed: new Set(behind) });
  const health = await ask({ base: places.urls.grafana, path: PARTS.grafana.identity.path });
  if (!PARTS.grafana.identity.sign.test(health.text)) {
    const finding = unanswered('grafana', 'grafana', health, places);
    // With a URL for each part, nothing is asked through it.
    if (behind.length > 0 || places.named.has('grafana')) return stay(finding);
    return stay(note('grafana', `${finding.text}; the rest works without it`, finding.next));
  }
  const version = /"version":\s*"([\w.+-]{1,40})"/.exec(health.text)?.[1];
  const there = ok('grafana', `there${version === undefined ? '' : `, version ${version}`}`);
  const { origin, pathname } = new URL(places.urls.grafana);
  const open = (await statusOf(`${origin}${pathname}`, ANY)) === 200 ? [ANYBODY] : [];
  const login = direct.logins.grafana ?? {};
  const status = Object.keys(login).length === 0 && !hasPassword(places.urls.grafana) ? 0 : await statusOf(places.urls.grafana, WHO, login);
  if (status === 200) {
    const isDefault = password.text === DEFAULT_PASSWORD && Object.keys(login).length > 0;
    return {
      places: { ...direct, ...through(behind, direct, login) },
      findings: [there, ...open, ...(isDefault ? [STILL_DEFAULT] : [])],
      closed: new Set(),
    };
  }
  if (status >= 300 && status < 400) return stay(there, ...open, OTHER_NAME);
  // Five wrong passwords in five minutes lock a user of Grafana out: this is the only one that is guessed.
  if ((await statusOf(places.urls.grafana, WHO, basic(USER, DEFAULT_PASSWORD))) === 200) return stay(there, ...open, STILL_DEFAULT);
  if (behind.length === 0) return stay(there, ...open);
  return stay(there, ...open, status === 0 ? NO_PASSWORD : refused(status));
}

const ANYBODY = problem(
  'grafana',
  'it lets anybody in without a login',
  "GF_AUTH_ANONYMOUS_ENABLED: 'false', as docker-compose.yml has it",
);
const RESET = `docker compose exec -T grafana grafana cli admin reset-admin-password --password-from-stdin < ${PASSWORD_FILE}`;
const STILL_DEFAULT = problem('grafana', `its password is still "${DEFAULT_PASSWORD}"`, `make one, as the README does; then ${RESET}`);
const OTHER_NAME = problem(
  'grafana',
  'it answers to its own name alone (GF_SERVER_ENFORCE_DOMAIN)',
  'name it as GF_SERVER_ROOT_URL does: swarmscope doctor --stack --grafana http://localhost:3000',
);
const NO_PASSWORD = problem(
  'grafana',
  'Prometheus, Tempo and Alertmanager are asked through it, and its password is not known',
  `run this where ${PASSWORD_FILE} is, or name the file: swarmscope doctor --stack --password-file FILE`,
);

function refused(status: number): StackFinding {
  const says = `it refuses the password of the file (${status}): it takes the file at its first start alone`;
  return problem('grafana', says, `${RESET}; or swarmscope doctor --stack --grafana http://USER@HOST:PORT --password-file FILE`);
}

async function statusOf(base: string, path: string, headers: Headers = {}): Promise<number> {
  return (await ask({ base, path, headers })).status;
}

function through(behind: readonly PartName[], { urls, logins }: Places, login: Headers): Pick<Places, 'urls' | 'logins'> {
  const grafana = urls.grafana.replace(/\/+$/, '');
  return {
    urls: { ...urls, ...Object.fromEntries(behind.map((name) => [name, `${grafana}/api/datasources/proxy/uid/${partOf(name).source}`])) },
    logins: { ...logins, ...Object.fromEntries(behind.map((name) => [name, login])) },
  };
}

/** The password goes to Grafana, and to each part whose URL names a user and no password: `http://USER@HOST:PORT`. */
function loginsOf({ urls }: Places, password: string): Places['logins'] {
  if (password === '') return {};
  const users = PART_NAMES.map((name) => [name, userOf(urls[name]) || (name === 'grafana' ? USER : '')] as const);
  return Object.fromEntries(
    users.filter(([name, user]) => user !== '' && !hasPassword(urls[name])).map(([name, user]) => [name, basic(user, password)]),
  );
}

function basic(user: string, password: string): Headers {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

const userOf = (url: string): string => decodeURIComponent(new URL(url).username);
const hasPassword = (url: string): boolean => new URL(url).password !== '';
