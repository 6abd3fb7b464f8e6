import type { Actor } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { InvalidInputError } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { JudgedVersion } from '../references/judged-version.js';
import { VersionRepository } from '../references/version.repository.js';
import { AssessmentRepository, type NewAssessment } from './assessment.repository.js';
import { CurrentWindowFinder } from './current-window.js';

/** What somebody wants to be assessed; both ends default to the model's current window. */
export interface AssessmentRequest {
  readonly model: string;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** Takes up assessments; they are carried out by a job. */
@Injectable()
export class AssessmentService {
  constructor(
    private readonly assessments: AssessmentRepository,
    private readonly versions: VersionRepository,
    private readonly current: CurrentWindowFinder,
  ) {}

  /**
   * A window with a given start is kept exactly, and its version is the one that answered most of it. Without one it is the current
   * window of the live version.
   * @returns the id of the assessment
   * @throws DomainError `model-not-found` · `no-live-version` · `validation-failed` (an empty window)
   */
  async request({ model, from, until }: AssessmentRequest, actor: Actor, caller: string | undefined): Promise<string> {
    if (!(await this.versions.hasModel(model))) throw new DomainError('model-not-found', `There is no model ${model}.`);
    const end = until === undefined ? new Date() : new Date(until);
    const asked = {
      trigger: caller === 'agent' ? ('verification' as const) : ('manual' as const),
      requestedBy: actor.id,
      idempotencyKey: null,
    };
    const wanted =
      from === undefined
        ? await this.currentWindow(await this.requireLive(model), end)
        : givenWindow(model, new Date(from), end);
    const id = await this.assessments.request({ ...wanted, ...asked });
    if (id === null) throw new TypeError('An assessment without an idempotency key is always new.');
    return id;
  }

  /** The scheduler's assessment of a live version, once for each occasion. Null when the occasion had its assessment. */
  async requestDue(version: JudgedVersion, occasion: string): Promise<string | null> {
    const window = await this.currentWindow(version, new Date());
    const idempotencyKey = `schedule:${version.modelName}:${occasion}`;
    return this.assessments.request({ ...window, trigger: 'schedule', requestedBy: 'scheduler', idempotencyKey });
  }

  private async requireLive(model: string): Promise<JudgedVersion> {
    const live = await this.versions.findLive(model);
    if (live) return live;
    throw new DomainError(
      'no-live-version',
      `Model ${model} has no live version; name the window's start to judge its past.`,
    );
  }

  private async currentWindow(version: JudgedVersion, end: Date): Promise<WantedWindow> {
    const { from, until, labelledFrom } = await this.current.find(version, end);
    const window = { kind: 'current' as const, labelledFrom: labelledFrom.toISOString() };
    return { modelName: version.modelName, version, from, until, window };
  }
}

type WantedWindow = Omit<NewAssessment, 'trigger' | 'requestedBy' | 'idempotencyKey'>;

function givenWindow(modelName: string, from: Date, until: Date): WantedWindow {
  if (from >= until) throw new InvalidInputError([{ path: 'from', message: 'must be before until' }]);
  return { modelName, version: null, from, until, window: { kind: 'given', labelledFrom: from.toISOString() } };
}
