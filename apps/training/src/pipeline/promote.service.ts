import type { ModelVersion } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import type { RunWatch, TrainingOutcome } from './run-watch.js';

/** Refusals of the registry that end the matter: the version stays where it is. */
const REFUSALS = ['promotion-refused', 'promotion-conflict', 'invalid-transition'];

/** Puts a version live when that was asked for and the gate admits it. */
@Injectable()
export class PromoteService {
  constructor(private readonly registry: RegistryClient) {}

  /**
   * The training run is the decision: asked again, the registry answers as the first time. What must be live still is the version that the
   * candidate was compared with.
   */
  async promote(
    run: ClaimedRun,
    { version, gate, parentVersion }: ModelVersion,
    watch: RunWatch,
  ): Promise<TrainingOutcome> {
    const refusals = gate?.refusals.map(({ code }) => code) ?? [];
    const outcome = { version, promoted: false, refusals, gate };
    if (run.request.promote !== 'when-admitted' || gate?.admitted !== true) return outcome;
    await watch.enter('promoting');
    try {
      await this.registry.promote(
        run.modelName,
        version,
        {
          stage: 'production',
          expectedLiveVersion: parentVersion,
          decisionId: run.id,
          reason: run.reason || 'Trained on request, admitted by the gate.',
          force: false,
        },
        run.request.requestedBy,
      );
      return { ...outcome, promoted: true };
    } catch (error) {
      if (isDomainError(error) && REFUSALS.includes(error.code)) return { ...outcome, refusals: [error.code] };
      throw error;
    }
  }
}
