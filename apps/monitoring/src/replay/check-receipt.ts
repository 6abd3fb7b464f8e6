import { Receipt, type ReceiptKeys } from '@gimbal/contracts';
import { compactVerify, createLocalJWKSet } from 'jose';
import type { z } from 'zod';

/** The facts of a receipt that a replay finds out anew. */
export type ReplayedFacts = Omit<Receipt, 'route' | 'runtime' | 'options' | 'issuedAt'>;

/** What came of a receipt: whether we signed it, and which of its facts are not what was found. */
export interface CheckedReceipt {
  readonly authentic: boolean;
  readonly differs: string[];
}

const ALGORITHMS = ['Ed25519'];

/** A receipt that none of the keys signed is not looked into: it says what anybody may have written. */
export async function checkReceipt(
  signed: string,
  keys: z.output<typeof ReceiptKeys>,
  found: ReplayedFacts,
): Promise<CheckedReceipt> {
  const receipt = await open(signed, keys);
  if (!receipt) return { authentic: false, differs: [] };
  const names = Object.keys(found) as (keyof ReplayedFacts)[]; // its own keys
  return { authentic: true, differs: names.filter((name) => receipt[name] !== found[name]) };
}

async function open(signed: string, keys: z.output<typeof ReceiptKeys>): Promise<Receipt | undefined> {
  try {
    const { payload } = await compactVerify(signed, createLocalJWKSet(keys), { algorithms: ALGORITHMS });
    return Receipt.parse(JSON.parse(Buffer.from(payload).toString('utf8')));
  } catch {
    return undefined; // malformed, of another key, or altered: all the same to whoever asks
  }
}
