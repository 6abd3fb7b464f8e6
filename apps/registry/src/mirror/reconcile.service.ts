import type { ReconcileMlflow, Reconciliation } from '@gimbal/contracts';
import { MlflowClient } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Database } from '../database/database.js';
import { SyncRepository } from './sync.repository.js';

type Compared = z.output<typeof Reconciliation>;

/** Compares both sides. */
@Injectable()
export class ReconcileService {
  constructor(
    readonly database: Database,
    readonly mlflow: MlflowClient,
    readonly sync: SyncRepository,
  ) {}

  async reconcile(_request: z.output<typeof ReconcileMlflow>): Promise<Compared> {
    return await Promise.reject(new Error('to be written'));
  }
}
