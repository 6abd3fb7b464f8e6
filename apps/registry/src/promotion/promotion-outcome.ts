import { createHash } from 'node:crypto';
import type { Actor, ErrorCode, PromoteVersion, Promotion, RollbackModel } from '@gimbal/contracts';

/** Somebody wants a version in another stage. */
export interface WantedPromotion {
  readonly model: string;
  readonly version: number;
  readonly request: PromoteVersion;
  readonly actor: Actor;
}

/** Somebody wants an earlier version back. */
export interface WantedRollback {
  readonly model: string;
  readonly request: RollbackModel;
  readonly actor: Actor;
}

/** Why nothing moved; `facts` go into the audit. */
interface MoveRefusal {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** An expected outcome is a value: a refusal is written down in the same transaction that finds it. */
export type MoveOutcome = { readonly done: Promotion } | { readonly refusal: MoveRefusal };

export const refuse = (code: ErrorCode, detail: string, facts?: Readonly<Record<string, unknown>>): MoveOutcome => ({
  refusal: { code, detail, ...(facts && { facts }) },
});

/** The same request has the same hash, whatever reason is given with it. */
export function hashRequest(parts: readonly (string | number | boolean | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
