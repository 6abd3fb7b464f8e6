import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of a stub. */
interface StubAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
type Answering = (request: IncomingMessage, body: Record<string, unknown>) => StubAnswer;

export interface AnnouncementStub {
  readonly url: string;
  /** What was asked, in order: `POST /path` with the JSON that was sent. */
  readonly calls: { readonly what: string; readonly body: Record<string, unknown> }[];
  close(): Promise<void>;
}

async function serve(answering: Answering): Promise<AnnouncementStub> {
  const calls: AnnouncementStub['calls'] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set
    const text = Buffer.concat(chunks).toString('utf8');
    const body = text === '' ? {} : JSON.parse(text);
    calls.push({ what: `${request.method} ${request.url}`, body });
    const answer = answering(request, body);
    response.writeHead(answer.status, answer.headers);
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers as Slack's incoming webhooks are documented to: "ok", `invalid_payload`, and 429 to the first call. */
export function startSlackStub(): Promise<AnnouncementStub> {
  let calls = 0;
  return serve((request, { text, blocks }) => {
    calls += 1;
    if (calls === 1) return { status: 429, body: 'rate_limited', headers: { 'retry-after': '1' } };
    if (request.headers['content-type'] !== 'application/json' || typeof text !== 'string' || !Array.isArray(blocks))
      return { status: 400, body: 'invalid_payload' };
    return { status: 200, body: 'ok' };
  });
}

/** Answers as GitHub's REST API is documented to for releases; the first call meets a server that is not there. */
export function startGithubStub(repository: string, token: string): Promise<AnnouncementStub> {
  const releases = new Map<string, object>();
  let calls = 0;
  return serve((request, { tag_name: tag }) => {
    calls += 1;
    if (calls === 1) return { status: 502, body: '<html>Bad gateway</html>' };
    if (request.headers.authorization !== `Bearer ${token}` || !request.headers['user-agent'])
      return { status: 401, body: { message: 'Bad credentials' } };
    const base = `/repos/${repository}/releases`;
    if (request.method === 'GET') {
      const found = releases.get(String(request.url).replace(`${base}/tags/`, ''));
      return found ? { status: 200, body: found } : { status: 404, body: { message: 'Not Found' } };
    }
    if (request.url !== base) return { status: 404, body: { message: 'Not Found' } };
    if (releases.has(String(tag))) {
      const errors = [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }];
      return { status: 422, body: { message: 'Validation Failed', errors } };
    }
    const release = { id: calls, html_url: `https://github.com/${repository}/releases/tag/${tag}` };
    releases.set(String(tag), release);
    return { status: 201, body: release };
  });
}
