import type { Actor, CreateExperiment, Experiment, ExperimentsQuery } from '@gimbal/contracts';
import { type Experiment as ExperimentRow, isTaken } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { olderThan, type PageOf, pageOf } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../database/database.js';

type Shown = z.output<typeof Experiment>;
const Tags = z.record(z.string(), z.string());

/** Experiments: named groups of runs. */
@Injectable()
export class ExperimentService {
  constructor(private readonly database: Database) {}

  /** Newest first; `name` finds a part of the name in any case. */
  async list({ limit, cursor, name }: z.output<typeof ExperimentsQuery>): Promise<PageOf<Shown>> {
    const rows = await this.database.reader.experiment.findMany({
      where: {
        lifecycle: 'active',
        ...(name !== undefined && { name: { contains: name, mode: 'insensitive' } }),
        ...olderThan(cursor),
      },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
    return pageOf(rows, limit, showExperiment);
  }

  /** @throws DomainError `already-exists` when the name is taken */
  async create({ name, tags }: z.output<typeof CreateExperiment>, actor: Actor): Promise<Shown> {
    try {
      return showExperiment(
        await this.database.reader.experiment.create({ data: { name, tags, createdBy: actor.name } }),
      );
    } catch (error) {
      throw isTaken(error) ? new DomainError('already-exists', 'There is an experiment with this name.') : error;
    }
  }

  /** @throws DomainError `experiment-not-found` */
  async get(id: string): Promise<Shown> {
    const row = await this.database.reader.experiment.findUnique({ where: { id } });
    if (!row) throw experimentNotFound(id);
    return showExperiment(row);
  }
}

export const experimentNotFound = (id: string): DomainError =>
  new DomainError('experiment-not-found', `There is no experiment ${id}.`);

const showExperiment = ({ id, name, tags, lifecycle, createdAt }: ExperimentRow): Shown => ({
  id,
  name,
  tags: Tags.parse(tags),
  lifecycle,
  createdAt: createdAt.toISOString(),
});
