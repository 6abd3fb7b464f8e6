import { canonicalJson } from './canonical-json.js';

/** What happened, as the service that did it tells it. */
export interface AuditRecord {
  /** Given by the origin; a repeated delivery has the same. */
  readonly eventId: string;
  /** ISO 8601, UTC, with milliseconds: `2026-03-01T12:00:00.000Z`. */
  readonly at: string;
  readonly service: string;
  readonly actor: string;
  /** For example `model.promoted`. */
  readonly action: string;
  /** For example `model/heart-disease/versions/2`. */
  readonly subject: string;
  /** Any JSON value. */
  readonly payload: unknown;
}

/** A record at its place in the chain. */
export interface AuditLink extends AuditRecord {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  /** Hash of the link before; {@link CHAIN_START} for the first. */
  readonly prevHash: string;
  /** SHA-256 in lower-case hex. */
  readonly hash: string;
}

/** The end of a chain: what the next link binds to. */
export type ChainHead = Pick<AuditLink, 'seq' | 'hash'>;

/** SHA-256 of the UTF-8 bytes of a text, in lower-case hex. */
export type HashText = (text: string) => string;

/** What the first link has in place of a hash before it. */
export const CHAIN_START = '0'.repeat(64);

/** The head of the empty chain. */
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: CHAIN_START };

/**
 * The hash of a link: over the hash before it, a line feed, and the canonical JSON of all other fields. Null when the payload is not JSON.
 * Names are those of the wire, so that a copy can be checked with nothing but SHA-256 and a JSON library.
 */
export function hashLink(link: Omit<AuditLink, 'hash'>, hashText: HashText): string | null {
  const { seq, eventId, at, service, actor, action, subject, payload, prevHash } = link;
  const text = canonicalJson({ seq, event_id: eventId, at, service, actor, action, subject, payload });
  return text === null ? null : hashText(`${prevHash}\n${text}`);
}

/** Puts a record at the end of a chain; null when its payload is not JSON. */
export function linkRecord(record: AuditRecord, head: ChainHead, hashText: HashText): AuditLink | null {
  const { eventId, at, service, actor, action, subject, payload } = record;
  const open = { seq: head.seq + 1, eventId, at, service, actor, action, subject, payload, prevHash: head.hash };
  const hash = hashLink(open, hashText);
  return hash === null ? null : { ...open, hash };
}

/** How far a chain was checked. Carried from page to page, so that a chain of any length is checked in bounded memory. */
export interface ChainCheck {
  /** Links that hold. */
  readonly entries: number;
  /** The last link that holds, or the place where checking began. */
  readonly head: ChainHead;
  /** `seq` that the first broken place should have had; null while all holds. */
  readonly firstBrokenSeq: number | null;
}

/** Begins a check after `head`: {@link EMPTY_CHAIN} for a whole chain, a trusted earlier head for a part of one. */
export function beginCheck(head: ChainHead = EMPTY_CHAIN): ChainCheck {
  return { entries: 0, head, firstBrokenSeq: null };
}

/**
 * Checks the links that follow. A link holds when its number is the next one, it binds to the hash before it, and its own hash is that
 * of its content. After the first broken place nothing more is said: what follows binds to something that is not there.
 */
export function checkLinks(check: ChainCheck, links: Iterable<AuditLink>, hashText: HashText): ChainCheck {
  let { entries, head, firstBrokenSeq } = check;
  for (const link of links) {
    if (firstBrokenSeq !== null) break;
    const holds = link.seq === head.seq + 1 && link.prevHash === head.hash && link.hash === hashLink(link, hashText);
    if (!holds) firstBrokenSeq = head.seq + 1;
    else {
      head = { seq: link.seq, hash: link.hash };
      entries += 1;
    }
  }
  return { entries, head, firstBrokenSeq };
}

/**
 * Ends a check. A chain alone can't tell that its newest links were cut off; somebody who remembers a later head (`known`) can:
 * the chain must reach at least there.
 */
export function endCheck(check: ChainCheck, known: ChainHead = EMPTY_CHAIN): ChainCheck {
  if (check.firstBrokenSeq !== null || check.head.seq >= known.seq) return check;
  return { ...check, firstBrokenSeq: check.head.seq + 1 };
}
