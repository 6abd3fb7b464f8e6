/** What people spend where: `median` in euros, `spread` is the standard deviation of the logarithm, `share` of all payments. */
export interface MerchantCategory {
  readonly median: number;
  readonly spread: number;
  readonly share: number;
  /** Paid without the card at hand. */
  readonly isOnline: boolean;
}

/** Outlines of everyday spending; no source, chosen to look plausible. */
export const MERCHANT_CATEGORIES = {
  grocery: { median: 28, spread: 0.7, share: 0.34, isOnline: false },
  restaurant: { median: 24, spread: 0.6, share: 0.17, isOnline: false },
  fuel: { median: 52, spread: 0.4, share: 0.1, isOnline: false },
  clothing: { median: 45, spread: 0.7, share: 0.08, isOnline: false },
  cash: { median: 80, spread: 0.5, share: 0.07, isOnline: false },
  electronics: { median: 110, spread: 0.9, share: 0.03, isOnline: false },
  travel: { median: 160, spread: 0.9, share: 0.03, isOnline: true },
  online_shop: { median: 35, spread: 0.9, share: 0.15, isOnline: true },
  subscription: { median: 12, spread: 0.4, share: 0.03, isOnline: true },
} as const satisfies Readonly<Record<string, MerchantCategory>>;

/** Name of a kind of merchant. */
export type MerchantCategoryName = keyof typeof MERCHANT_CATEGORIES;
