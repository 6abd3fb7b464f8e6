import type { OutboundClient, OutboundOutcome } from '@gimbal/platform';
import { z } from 'zod';
import { type AnnouncementChannel, failureOf } from './channel.js';
import type { Deployment } from './deployment.js';
import { buildGithubRelease } from './github-release.js';

const Release = z.object({ html_url: z.url() });
const Refusal = z.object({ errors: z.array(z.object({ code: z.string().optional() })) });

/** Where and as whom releases are made. */
export interface GithubAccess {
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
}

/** Releases of a repository, one per version that went live. */
export class GithubChannel implements AnnouncementChannel {
  constructor(
    private readonly client: OutboundClient,
    private readonly access: GithubAccess,
  ) {}

  async announce(deployment: Deployment): Promise<string | null> {
    const release = buildGithubRelease(deployment);
    const made = await this.call('POST', '', JSON.stringify(release));
    if (made.kind === 'answered' && made.status === 201) return urlOf(made.text);
    if (!isThereAlready(made)) throw failureOf('GitHub', made);
    // An earlier try was answered too late, or the version was live before.
    const found = await this.call('GET', `/tags/${encodeURIComponent(release.tag_name)}`);
    if (found.kind === 'answered' && found.status === 200) return urlOf(found.text);
    throw failureOf('GitHub', found);
  }

  private async call(method: 'GET' | 'POST', path: string, body?: string): Promise<OutboundOutcome> {
    const { apiUrl, repository, token } = this.access;
    return await this.client.send({
      method,
      url: `${apiUrl.replace(/\/$/, '')}/repos/${repository}/releases${path}`,
      headers: {
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    });
  }
}

/** Null when the answer is longer than is read of it: the release is there all the same. */
function urlOf(text: string): string | null {
  return Release.safeParse(parseJson(text)).data?.html_url ?? null;
}

function isThereAlready(outcome: OutboundOutcome): boolean {
  if (outcome.kind !== 'answered' || outcome.status !== 422) return false;
  const refusal = Refusal.safeParse(parseJson(outcome.text)).data;
  return refusal?.errors.some(({ code }) => code === 'already_exists') ?? false;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
