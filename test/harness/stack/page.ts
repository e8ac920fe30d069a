// A page of a browser, as far as servers see it: what it may send, and whether the browser lets it read the answer.
import { request as send, type IncomingHttpHeaders } from 'node:http';

/** Where the page came from. */
export const PAGE = 'attacker.example';
const ORIGIN = `https://${PAGE}`;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Attempt {
  /** The status that the server gave, whether or not the page sees it; 0 when the browser did not send. */
  readonly status: number;
  /** What the page can read; undefined when the browser keeps it. */
  readonly text?: string | undefined;
}

export interface Call {
  readonly method?: string;
  readonly body?: string;
  readonly type?: string;
}

/** `fetch` of another origin. A body that no form can send is asked for first. */
export async function fromPage(url: string, { method = 'GET', body, type }: Call = {}): Promise<Attempt> {
  const isSimple = (method === 'GET' || method === 'POST') && (type === undefined || SIMPLE.includes(type));
  if (!isSimple) {
    const asked = { origin: ORIGIN, 'access-control-request-method': method, 'access-control-request-headers': 'content-type' };
    const { status, headers } = await http(url, 'OPTIONS', asked);
    const allows = String(headers['access-control-allow-headers'] ?? '').toLowerCase();
    const isAllowed = status >= 200 && status < 300 && isReadable(headers) && /content-type|\*/.test(allows);
    if (!isAllowed) return { status: 0 };
  }
  const { status, headers, text } = await http(
    url,
    method,
    { origin: ORIGIN, ...(type === undefined ? {} : { 'content-type': type }) },
    body,
  );
  return { status, text: isReadable(headers) ? text : undefined };
}

/** `fetch` of the page's own origin, whose name was made to lead to this machine: the browser asks and keeps nothing. */
export async function fromRebound(url: string, { method = 'GET', body, type }: Call = {}): Promise<Attempt> {
  const host = `${PAGE}:${new URL(url).port}`;
  const { status, text } = await http(
    url,
    method,
    { host, origin: `http://${host}`, ...(type === undefined ? {} : { 'content-type': type }) },
    body,
  );
  return { status, text };
}

/** What a form can send, without asking. */
const SIMPLE = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];

function isReadable(headers: IncomingHttpHeaders): boolean {
  const allowed = headers['access-control-allow-origin'];
  return allowed === '*' || allowed === ORIGIN;
}

function http(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}
