import type { PrismaClient } from '@gimbal/db';
import type { Measurement } from '../result.js';
import type { Contender } from './contenders.js';

/** Two servers on one PostgreSQL, each with a database of its own. */
export interface RegistrySetting {
  readonly ours: Contender;
  /** Null without Python. */
  readonly reference: Contender | null;
  /** Starts another one that also runs jobs, as it does by default. Null without Python. */
  readonly startReferenceWithJobs: (() => Promise<Contender>) | null;
  /** The databases, as their superuser; only for filling them. */
  readonly tables: { readonly ours: PrismaClient; readonly reference: PrismaClient };
  /** Folder of this run. */
  readonly folder: string;
  readonly rounds: number;
  /** Of one load. */
  readonly seconds: number;
  /** Small ones show that everything works; their figures mean nothing. */
  readonly size: 'full' | 'quick';
  readonly say: (line: string) => void;
}

/** One measurement, or several that come out of the same load. */
export type MeasureRegistry = (setting: RegistrySetting) => Promise<readonly Measurement[]>;
