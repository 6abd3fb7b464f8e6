import { Actor } from '@gimbal/contracts';

/** Header in which a trusted service says for whom it calls. */
export const ACTOR_HEADER = 'x-gimbal-actor';
const LENGTH_MAX = 4_096;

/** The actor as a header value: base64url of its JSON. */
export function encodeActor(actor: Actor): string {
  return Buffer.from(JSON.stringify(Actor.parse(actor)), 'utf8').toString('base64url');
}

/** Reads the header; undefined when it is absent or not an actor. Believe it only from a trusted caller. */
export function decodeActor(header: string | string[] | undefined): Actor | undefined {
  if (typeof header !== 'string' || header.length > LENGTH_MAX) return undefined;
  try {
    return Actor.safeParse(JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
