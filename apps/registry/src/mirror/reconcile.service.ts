import type { ReconcileMlflow, Reconciliation } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { mergeFields } from './merge-fields.js';
import { type Look, MIRROR_KINDS, type MirrorKind } from './mirrored.js';
import { type MirroredRow, ReconcileRepository } from './reconcile.repository.js';
import { StrangersThere } from './strangers-there.js';
import { TELLERS, type Tellers } from './tellers.js';

/** Compared in one call: each takes a request or a few. */
const PART_MAX = 50;

type Request = z.output<typeof ReconcileMlflow>;
type Part = z.output<typeof Reconciliation>;
type Item = Part['missing'][number];

/**
 * Compares both sides, a part at a time: first everything that is here with what is there, then what is there and not here. A repair tells
 * again what is missing or differs; that follows the mirror's own rules, so nothing of somebody else is overwritten.
 */
@Injectable()
export class ReconcileService {
  constructor(
    private readonly repository: ReconcileRepository,
    private readonly strangers: StrangersThere,
    @Inject(TELLERS) private readonly tellers: Tellers,
  ) {}

  /** @throws DomainError `invalid-cursor`; MlflowError while the server is away */
  async reconcile({ repair, cursor }: Request): Promise<Part> {
    const place = readCursor(cursor);
    if (place === 'strangers') {
      const unknown = await this.strangers.list();
      return { ...NOTHING, unknown, nextCursor: null };
    }
    const rows = await this.repository.list(place.kind, place.after, PART_MAX);
    const part = {
      ...NOTHING,
      compared: rows.length,
      missing: [] as Item[],
      differing: [] as Item[],
      conflicts: [] as Item[],
    };
    for (const row of rows) await this.compare(row, part);
    const wrong = [...part.missing, ...part.differing];
    if (repair) await this.repository.markAgain([...wrong, ...part.conflicts]);
    const last = rows.at(-1);
    const isEnd = rows.length < PART_MAX || last === undefined;
    return {
      ...part,
      repaired: repair ? wrong.length + part.conflicts.length : 0,
      nextCursor: isEnd ? cursorAfter(place.kind) : `${place.kind}:${last.entityId}`,
    };
  }

  private async compare(
    row: MirroredRow,
    part: { missing: Item[]; differing: Item[]; conflicts: Item[] },
  ): Promise<void> {
    const look = await this.tellers[row.kind].look(row.entityId, row.mlflowId);
    if (look === null) return;
    const itemOf = (detail: string): Item => ({ kind: row.kind, id: row.entityId, name: look.name, detail });
    if (row.state === 'conflict' || row.state === 'failed') part.conflicts.push(itemOf(row.lastError ?? ''));
    else if (look.theirs === null) part.missing.push(itemOf(row.lastError ?? ''));
    else {
      const fields = differingFields(look, row);
      if (fields.length > 0) part.differing.push(itemOf(fields.slice(0, 50).join(', ')));
    }
  }
}

/** Fields that belong to us and are not the same there. */
const differingFields = ({ ours, theirs }: Look, { told }: MirroredRow): readonly string[] => {
  const { inputs: _ownNote, ...fields } = told?.fields ?? {};
  const { changes, conflicts } = mergeFields({
    ...{ ours, theirs: theirs ?? {} },
    told: { fields, files: {} },
    telling: null,
  });
  return [...changes.map(({ field }) => field), ...conflicts];
};

const NOTHING: Part = {
  ...{ compared: 0, missing: [], differing: [], unknown: [], conflicts: [], repaired: 0, nextCursor: null },
};

type Place = { readonly kind: MirrorKind; readonly after: string } | 'strangers';

const cursorAfter = (kind: MirrorKind): string => `${MIRROR_KINDS[MIRROR_KINDS.indexOf(kind) + 1] ?? 'strangers'}:`;

function readCursor(cursor = `${MIRROR_KINDS[0]}:`): Place {
  const [, name, after = ''] = /^([a-z-]+):([\w-]{0,100})$/.exec(cursor) ?? [];
  if (name === 'strangers') return name;
  const kind = MIRROR_KINDS.find((known) => known === name);
  if (kind === undefined) throw new DomainError('invalid-cursor', 'Take the cursor from the answer before, as it is.');
  return { kind, after };
}
