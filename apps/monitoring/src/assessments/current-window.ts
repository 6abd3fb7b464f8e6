import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { AssessmentSettings, MonitoringConfig } from '../config.js';
import { Database } from '../database/database.js';
import type { JudgedVersion } from '../references/judged-version.js';

const HOUR_MS = 3_600_000;

/** `from` and `labelledFrom` included, `until` excluded. */
export interface CurrentWindow {
  readonly from: Date;
  readonly until: Date;
  readonly labelledFrom: Date;
}

/**
 * The current window of a version, for an assessment that is not told another one.
 *
 * It holds the last ASSESSMENT_WINDOW_HOURS; while those have fewer than ASSESSMENT_ROWS_WANTED predictions of the version it is stretched
 * back to hold that many, at most over ASSESSMENT_WINDOW_HOURS_MAX. Labels come later than predictions, so performance looks
 * further: back to as many labelled predictions, at most over ASSESSMENT_LABEL_HOURS_MAX.
 */
@Injectable()
export class CurrentWindowFinder {
  private readonly settings: AssessmentSettings;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) { assessment }: MonitoringConfig,
  ) {
    this.settings = assessment;
  }

  async find(version: JudgedVersion, until: Date): Promise<CurrentWindow> {
    const { windowHours, windowHoursMax, labelHoursMax, rowsWanted } = this.settings;
    const hoursBack = (hours: number): Date => new Date(until.getTime() - hours * HOUR_MS);
    const shortest = hoursBack(windowHours);
    const reach = hoursBack(Math.max(windowHours, windowHoursMax));
    const labelReach = hoursBack(Math.max(windowHours, labelHoursMax));
    const { modelName, id } = version;
    const [full] = await this.database.reader.$queryRaw<{ at: Date }[]>`
      SELECT created_at AS at FROM predictions
      WHERE model_name = ${modelName} AND model_id = ${id}::uuid AND created_at >= ${reach} AND created_at < ${until}
      ORDER BY created_at DESC OFFSET ${rowsWanted - 1} LIMIT 1`;
    const [labelled] = await this.database.reader.$queryRaw<{ at: Date }[]>`
      SELECT created_at AS at FROM predictions
      WHERE model_name = ${modelName} AND model_id = ${id}::uuid AND actual IS NOT NULL
        AND created_at >= ${labelReach} AND created_at < ${until}
      ORDER BY created_at DESC OFFSET ${rowsWanted - 1} LIMIT 1`;
    const from = earlier(shortest, full?.at ?? reach);
    return { from, until, labelledFrom: earlier(from, labelled?.at ?? labelReach) };
  }
}

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);
