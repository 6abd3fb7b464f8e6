import type { Installation } from '../installation.js';
import type { Measurement } from '../result.js';
import type { Contender } from './contenders.js';

/** Everything that runs while servers are measured, each on the same core. */
export interface ServingSetting {
  readonly installation: Installation;
  /** Folder of that installation. */
  readonly home: string;
  /** Gateway and serving, as callers reach them. */
  readonly gimbal: Contender;
  /** Serving by its own port, without the gateway. */
  readonly serving: Contender;
  /** What ours is measured beside; those in Python are absent where there is no Python. */
  readonly references: readonly Contender[];
  /** Starts MLServer as it comes, with a worker process; null without it. */
  readonly startMlserverWithWorker: (() => Promise<Contender>) | null;
  /** The model that all of them serve. */
  readonly modelFile: string;
  /** For files of this run; removed afterwards. */
  readonly folder: string;
}

/** One measurement, or several that come out of the same load. */
export type MeasureServing = (setting: ServingSetting) => Promise<readonly Measurement[]>;
