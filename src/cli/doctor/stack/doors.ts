/** Whether a part that has no login of its own can be reached, by programs of this machine and by pages of a browser. */
import { ask, type Answer } from './ask.ts';
import { note, ok, problem, type StackFinding } from './finding.ts';
import { PART_NAMES, PARTS, partOf, type Headers, type PartName, type Places } from './parts.ts';

/** No page of ours: what it may do, any page may. */
const PAGE = 'attacker.example';
const FOREIGN_ORIGIN = `https://${PAGE}`;

/** Who gets in without a login. */
interface Door {
  readonly isOpen: boolean;
  /** A page may read what it asks for. */
  readonly answersOrigin: boolean;
  /** A page whose name is made to lead to this machine reads it as its own. */
  readonly answersHost: boolean;
}

/** Parts that belong to nobody but the rest of the stack. */
const DOORS = PART_NAMES.filter((name) => partOf(name).exposes !== undefined);

export async function ofDoors({ urls, named, collectors }: Places): Promise<StackFinding[]> {
  // A part that is asked through Grafana may have a port of its own all the same.
  const urlsOf = (name: PartName): readonly string[] => (name === 'collectorTelemetry' ? collectors : [urls[name]]);
  const bases = DOORS.flatMap((name) =>
    (named.has(name) ? urlsOf(name).map(withoutLogin) : [PARTS[name].url]).map((base) => ({ name, base })),
  );
  const doors = await Promise.all(bases.map(async ({ name, base }) => ({ name, base, door: await tryDoor(name, base) })));
  const open = doors.filter(({ door }) => door.isOpen).map(({ name, base, door }) => findingOf(name, base, door));
  const otlp = readableBy(await ask({ base: withoutLogin(urls.collector), path: '/v1/traces', headers: { origin: FOREIGN_ORIGIN } }));
  return [
    ...open,
    ...(otlp ? [problem('doors', 'the collector lets any page send', 'take the cors section out of its OTLP receiver')] : []),
    ...(open.length === 0 && !otlp
      ? [ok('doors', `${DOORS.map((name) => partOf(name).title).join(', ')}: not reached without a login`)]
      : []),
  ];
}

async function tryDoor(name: PartName, base: string): Promise<Door> {
  const { path, sign } = partOf(name).identity ?? { path: '/', sign: /$^/ };
  const knock = async (headers: Headers): Promise<Answer> => ask({ base, path, headers });
  const isIn = ({ status, text }: Answer): boolean => status === 200 && sign.test(text);
  if (!isIn(await knock({}))) return { isOpen: false, answersOrigin: false, answersHost: false };
  const { port } = new URL(base);
  const [page, rebound] = await Promise.all([knock({ origin: FOREIGN_ORIGIN }), knock({ host: port === '' ? PAGE : `${PAGE}:${port}` })]);
  return { isOpen: true, answersOrigin: readableBy(page), answersHost: isIn(rebound) };
}

const readableBy = ({ allowedOrigin }: Answer): boolean => allowedOrigin === '*' || allowedOrigin === FOREIGN_ORIGIN;

function findingOf(name: PartName, base: string, { answersOrigin, answersHost }: Door): StackFinding {
  const { title, exposes = '' } = partOf(name);
  const ways = [
    ...(answersOrigin ? ['it answers any page of a browser (CORS)'] : []),
    ...(answersHost ? ['it answers to any name (Host), so a page can make its own lead here'] : []),
  ];
  const says = `${title} at ${base} asks for no login: whoever reaches it gets ${exposes}`;
  return ways.length === 0 ? note('doors', says, NEXT) : problem('doors', `${says}; ${ways.join('; ')}`, NEXT);
}

const NEXT =
  "publish no port for it (docker compose up -d with this version's docker-compose.yml), or give it a login (docs/stack.md, A login)";

function withoutLogin(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}
