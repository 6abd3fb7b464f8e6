import { toJson } from '@gimbal/db';
import { MlflowClient, MlflowError } from '@gimbal/mlflow-client';
import { InjectMetric } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { MirrorKind } from '../mirrored.js';
import { type Backlog, SyncRepository } from '../queue/sync.repository.js';
import type { LabelledCounter, PlainGauge } from './metric-types.js';

/** Watchers that ask together cost one request. */
const PROBE_KEPT_MS = 2_000;

/** Whether the server answers. */
export interface Probe {
  readonly reachable: boolean;
  readonly version: string | null;
  readonly latencyMs: number | null;
}

/** The last call that failed, of whichever replica. */
interface LastFailure {
  readonly at: string;
  readonly message: string;
  /** MLflow's own, when it answered. */
  readonly status: number | null;
  readonly errorCode: string | null;
}

export interface MirrorState extends Probe {
  readonly breaker: 'closed' | 'half-open' | 'open';
  readonly backlog: Backlog;
  readonly lastError: LastFailure | null;
}

/** What is known of the server and of what waits to be told. */
@Injectable()
export class MirrorStatus {
  private known: { readonly at: number; readonly probe: Promise<Probe> } | undefined;

  constructor(
    private readonly database: Database,
    private readonly mlflow: MlflowClient,
    private readonly sync: SyncRepository,
    @InjectMetric('mlflow_up') private readonly up: PlainGauge,
    @InjectMetric('mlflow_sync_failures_total') private readonly failures: LabelledCounter<'kind' | 'state'>,
  ) {}

  async read(): Promise<MirrorState> {
    const probe = await this.probe(); // first: what it finds out is the last failure
    const [backlog, row] = await Promise.all([this.sync.backlog(), this.database.reader.mlflowMirror.findFirst()]);
    const lastError = row?.lastFailure as LastFailure | null | undefined; // written below
    return { ...probe, breaker: this.mlflow.breakerState, backlog, lastError: lastError ?? null };
  }

  /** Asks the server for its version; while its breaker is open it is not asked. */
  probe(): Promise<Probe> {
    const now = performance.now();
    if (!this.known || now - this.known.at > PROBE_KEPT_MS) this.known = { at: now, probe: this.ask() };
    return this.known.probe;
  }

  refused(kind: MirrorKind, state: 'failed' | 'conflict'): void {
    this.failures.inc({ kind, state });
  }

  async failed(error: MlflowError): Promise<void> {
    if (error.failure === 'breaker-open') return; // what opened it says more
    const { message, status = null, errorCode = null } = error;
    const lastFailure: LastFailure = {
      at: new Date().toISOString(),
      message: message.slice(0, 1_000),
      status,
      errorCode,
    };
    await this.database.reader.mlflowMirror.updateMany({ data: { lastFailure: toJson(lastFailure) } });
  }

  private async ask(): Promise<Probe> {
    const began = performance.now();
    try {
      const version = await this.mlflow.version();
      this.up.set(1);
      return { reachable: true, version, latencyMs: Math.round((performance.now() - began) * 10) / 10 };
    } catch (error) {
      this.up.set(0);
      if (!(error instanceof MlflowError)) throw error;
      await this.failed(error).catch(() => undefined); // the database may be away as well
      return { reachable: false, version: null, latencyMs: null };
    }
  }
}
