import type { Role } from '@gimbal/contracts';
import type { GimbalClient } from '../gimbal-client.js';

/** Names parts of an answer as they are in it, `a.b` being the part `b` of `a`. */
export type Columns = readonly string[];

/** How an answer is shown to people. Programs get all of it as JSON. */
export interface View {
  /** Of each item where the answer is a list. */
  readonly columns?: Columns;
  /** True for an answer after which the program ends with 1. */
  readonly failsOn?: (answer: unknown) => boolean;
}

/** Makes a command's action out of the work that it does with a client of a role. */
export type Act = <A extends unknown[]>(
  role: Role,
  work: (client: GimbalClient, ...args: A) => Promise<unknown>,
  view?: View,
) => (...args: A) => Promise<void>;
