import type { Algorithm } from '@gimbal/learning';

/** What a side of the benchmark is asked for; one line of JSON each. `table` is a folder of `writeBenchTable`. */
export type BenchRequest =
  /** Learn from all rows. */
  | {
      readonly do: 'fit';
      readonly table: string;
      readonly algorithm: Algorithm;
      readonly parameters: Parameters;
      readonly seed: number;
    }
  /** Learn from and judge each fold; leaves the answers for all rows, held out, as float64 in `answers`. */
  | {
      readonly do: 'validate';
      readonly table: string;
      readonly algorithm: Algorithm;
      readonly parameters: Parameters;
      readonly seed: number;
      readonly answers: string;
    }
  /** Learn from all rows and leave the answers for the same rows in `answers`. */
  | {
      readonly do: 'score';
      readonly table: string;
      readonly algorithm: Algorithm;
      readonly parameters: Parameters;
      readonly seed: number;
      readonly answers: string;
    };

/** In the kernel's spelling, which is that of the library whose family it is. */
export type Parameters = Readonly<Record<string, number>>;

/** What a request cost. The span begins with the raw float32 matrix in memory and ends with the trained model, or the answers. */
export interface BenchAnswer {
  /** User and system time of all threads. */
  readonly cpu_seconds: number;
  readonly wall_seconds: number;
  /** Most memory that the process has ever held, MiB. */
  readonly peak_mib: number;
}

/** A side of the benchmark. */
export interface Side {
  /** For people: "xgboost 3.2.0" by algorithm. */
  nameOf(algorithm: Algorithm): string;
  ask(request: BenchRequest): Promise<BenchAnswer>;
  end(): Promise<void>;
}
