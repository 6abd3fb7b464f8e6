import type { MerchantCategoryName } from './merchant-categories.js';

/** Ways in which the synthetic cards are abused. */
export const FRAUD_PATTERNS = ['card-testing', 'cloned-card', 'account-takeover'] as const;
export type FraudPattern = (typeof FRAUD_PATTERNS)[number];

/** A synthetic card payment. It is nobody's data and must be labelled synthetic wherever it shows. */
export interface SyntheticTransaction {
  /** Seconds since the period began. */
  readonly second: number;
  /** Number of the card, from 0. */
  readonly card: number;
  /** Euros, > 0, two digits. */
  readonly amount: number;
  /** Local hour of the day, 0 to 23. */
  readonly hour: number;
  readonly merchantCategory: MerchantCategoryName;
  /** Kilometres, one digit; null for a payment without the card at hand. */
  readonly distanceFromHomeKm: number | null;
  /** Since the card's payment before; null for its first one. */
  readonly secondsSinceLast: number | null;
  /** Whether the merchant is in the country of the card. */
  readonly isHomeCountry: boolean;
  readonly isCardPresent: boolean;
  /** How the card is abused; null for a payment of its owner. */
  readonly fraud: FraudPattern | null;
}

/** Value of a cell: a number, a text, or null for "not known". */
type Cell = number | string | null;

/** The columns of a file of transactions, in order; `fraud` is 1 or 0, and which pattern it is stays out. */
export const TRANSACTION_COLUMNS: readonly { readonly name: string; cell(transaction: SyntheticTransaction): Cell }[] =
  [
    { name: 'second', cell: ({ second }) => second },
    { name: 'card', cell: ({ card }) => card },
    { name: 'amount', cell: ({ amount }) => amount },
    { name: 'hour', cell: ({ hour }) => hour },
    { name: 'merchant_category', cell: ({ merchantCategory }) => merchantCategory },
    { name: 'distance_from_home_km', cell: ({ distanceFromHomeKm }) => distanceFromHomeKm },
    { name: 'seconds_since_last', cell: ({ secondsSinceLast }) => secondsSinceLast },
    { name: 'country_match', cell: ({ isHomeCountry }) => Number(isHomeCountry) },
    { name: 'card_present', cell: ({ isCardPresent }) => Number(isCardPresent) },
    { name: 'fraud', cell: ({ fraud }) => Number(fraud !== null) },
  ];
