import { type ModelAsOf, type ModelHistoryQuery, type ModelMove, TrafficPlan } from '@gimbal/contracts';
import { cutPage, decodeCursor, type PageOf } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../database/database.js';
import { LIVE_ALIAS, requireModel } from '../models/version.repository.js';
import { type AliasPlace, aliasesAt, listModelMoves, type MoveRow, stagesAt } from './history.repository.js';

/** Time, kind and running number of the last move shown. */
const MoveMark = z.tuple([z.iso.datetime(), z.enum(['stage', 'alias']), z.int().min(0)]);

/** Who moved what, when and why; and how everything was at a time. */
@Injectable()
export class HistoryService {
  constructor(private readonly database: Database) {}

  /** Moves of stages and aliases, newest first. @throws DomainError `model-not-found`, `invalid-cursor` */
  async list(model: string, query: z.output<typeof ModelHistoryQuery>): Promise<PageOf<ModelMove>> {
    const { limit, cursor, at, version = null } = query;
    const mark = decodeCursor(MoveMark, cursor);
    const before = mark ? { at: new Date(mark[0]), kind: mark[1], id: BigInt(mark[2]) } : null;
    const db = this.database.reader;
    await requireModel(db, model);
    const until = at === undefined ? null : new Date(at);
    const rows = await listModelMoves(db, { model, version, until, before, take: limit + 1 });
    return cutPage(rows, { limit, show: showMove, place: ({ at, kind, id }) => [at.toISOString(), kind, Number(id)] });
  }

  /** How a model was at a time; by default now. One state of the database answers. @throws DomainError `model-not-found` */
  async asOf(model: string, at: Date): Promise<ModelAsOf> {
    return await this.database.snapshot(async (db) => {
      await requireModel(db, model);
      const aliases = await aliasesAt(db, model, at);
      const plan = await db.trafficPlan.findFirst({
        where: { modelName: model, createdAt: { lte: at } },
        orderBy: { revision: 'desc' },
      });
      const live = aliases.find(({ alias }) => alias === LIVE_ALIAS);
      const stages: ModelAsOf['stages'] = { training: [], staging: [], production: [], archived: [] };
      for (const { version, stage } of await stagesAt(db, model, at)) stages[stage].push(version);
      return {
        modelName: model,
        at: at.toISOString(),
        live: live ? showLive(live) : null,
        traffic: plan && TrafficPlan.parse(plan.plan),
        aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
        stages,
      };
    });
  }
}

const showMove = ({ id: _, at, ...move }: MoveRow): ModelMove => ({ ...move, at: at.toISOString() });

const showLive = ({ alias: _, since, ...live }: AliasPlace): ModelAsOf['live'] => ({
  ...live,
  since: since.toISOString(),
});
