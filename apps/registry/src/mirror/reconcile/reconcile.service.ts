import { MIRROR_KINDS, type ReconcileMlflow, type Reconciliation } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Look, MirrorKind } from '../mirrored.js';
import { mergeFields } from '../tellers/merge-fields.js';
import { TELLERS, type Tellers } from '../tellers/tellers.js';
import { type MirroredRow, ReconcileRepository } from './reconcile.repository.js';
import { STRANGER_STEPS, type StrangerStep, StrangersThere } from './strangers-there.js';

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
    if ('step' in place) {
      const { unknown, next } = await this.strangers.list(place.step, place.after === '' ? null : place.after);
      return { ...NOTHING, unknown, nextCursor: next === null ? cursorAfter(place.step) : `${place.step}:${next}` };
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

/** Where a comparison goes on: after an entity of ours, or after a page of what is there. */
type Place = { readonly after: string } & ({ readonly kind: MirrorKind } | { readonly step: StrangerStep });

const STEPS: readonly (MirrorKind | StrangerStep)[] = [...MIRROR_KINDS, ...STRANGER_STEPS];

const cursorAfter = (step: MirrorKind | StrangerStep): string | null => {
  const next = STEPS[STEPS.indexOf(step) + 1];
  return next === undefined ? null : `${next}:`;
};

function readCursor(cursor = `${MIRROR_KINDS[0]}:`): Place {
  const [, name, after = ''] = /^([a-z-]+):([\w+/=-]*)$/.exec(cursor) ?? [];
  const kind = MIRROR_KINDS.find((known) => known === name);
  if (kind !== undefined) return { kind, after };
  const step = STRANGER_STEPS.find((known) => known === name);
  if (step !== undefined) return { step, after };
  throw new DomainError('invalid-cursor', 'Take the cursor from the answer before, as it is.');
}
