import type { AuditEntry, AuditVerification } from '@gimbal/contracts';
import { type AuditLink, beginCheck, type ChainCheck, checkLinks, EMPTY_CHAIN, endCheck } from '@gimbal/domain';
import { cutPage, decodeCursor, type PageOf } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type AuditFilter, AuditRepository, sha256Hex } from './audit.repository.js';

type Entry = z.output<typeof AuditEntry>;
type Verification = z.output<typeof AuditVerification>;

/** Links read at once while the chain is checked. */
const PAGE = 500;
const Place = z.tuple([z.int().min(1)]);

/** Reads and checks the chain. */
@Injectable()
export class AuditService {
  private checking: Promise<Verification> | null = null;

  constructor(private readonly repository: AuditRepository) {}

  /** Entries newest first. */
  async list({
    limit,
    cursor,
    ...filter
  }: AuditFilter & { readonly limit: number; readonly cursor?: string | undefined }): Promise<PageOf<Entry>> {
    const [before] = decodeCursor(Place, cursor) ?? [];
    const links = await this.repository.list(filter, limit + 1, before);
    return cutPage(links, { limit, show: (link) => link, place: ({ seq }) => [seq] });
  }

  /** Checks the whole chain, page by page. Whoever asks while a check is under way gets its result. */
  verify(): Promise<Verification> {
    this.checking ??= this.check().finally(() => {
      this.checking = null;
    });
    return this.checking;
  }

  /**
   * Checks a copy that somebody kept: by its own hashes, and against the chain as it stands. So a change to the copy is found, and a change
   * to the chain since the copy was made, its newest links being cut off included.
   */
  async verifyCopy(entries: readonly AuditLink[]): Promise<Verification> {
    const from = entries[0]?.seq ?? 1;
    // What a copy claims to be is not believed: a number far off must not read far.
    const known = await this.repository.hashes(from - 1, from + entries.length - 1);
    const before = from > 1 ? { seq: from - 1, hash: known.get(from - 1) ?? '' } : EMPTY_CHAIN;
    const copy = checkLinks(beginCheck(before), entries, sha256Hex);
    const firstForeign = entries.find(({ seq, hash }, index) => seq !== from + index || known.get(seq) !== hash);
    const broken = [copy.firstBrokenSeq, firstForeign?.seq].filter((seq) => typeof seq === 'number');
    return report({ ...copy, firstBrokenSeq: broken.length > 0 ? Math.min(...broken) : null });
  }

  private async check(): Promise<Verification> {
    const end = await this.repository.head();
    let check = beginCheck();
    while (check.head.seq < end.seq && check.firstBrokenSeq === null) {
      const links = await this.repository.after(check.head.seq, PAGE);
      if (links.length === 0) break;
      check = checkLinks(check, links, sha256Hex);
    }
    const whole = endCheck(endCheck(check, end), this.repository.lastSeen);
    if (whole.firstBrokenSeq === null) this.repository.remember(whole.head);
    return report(whole);
  }
}

const report = ({ entries, head, firstBrokenSeq }: ChainCheck): Verification => ({
  valid: firstBrokenSeq === null,
  entries,
  firstBrokenSeq,
  headHash: head.seq > 0 ? head.hash : null,
  checkedAt: new Date().toISOString(),
});
