import { createSeededRng } from '../statistics/seeded-rng.js';
import { Draw } from './draw.js';
import { MERCHANT_CATEGORIES, type MerchantCategoryName } from './merchant-categories.js';
import type { FraudPattern, SyntheticTransaction } from './transaction.js';

/** What to generate. */
export interface TransactionsRequest {
  /** Number of payments, >= 0. */
  readonly rows: number;
  /** Integer; the same request gives the same payments. */
  readonly seed: number;
  /** Share of fraudulent payments, in [0, 1]; default 0.01. */
  readonly fraudShare?: number;
}

/** Seconds of the period that payments are spread over: 90 days. */
const PERIOD_SECONDS = 90 * 86_400;
/** Payments of a card in the period, about one every other day. */
const PAYMENTS_PER_CARD = 45;
const DEFAULT_FRAUD_SHARE = 0.01;

/** Episodes of abuse by pattern, as shares of all episodes. */
const EPISODE_SHARES: readonly (readonly [FraudPattern, number])[] = [
  ['card-testing', 0.25],
  ['cloned-card', 0.45],
  ['account-takeover', 0.3],
];

type Payment = Omit<SyntheticTransaction, 'secondsSinceLast' | 'hour'>;

/** The habits of a card's owner. */
interface Owner {
  readonly card: number;
  /** Factor on usual amounts. */
  readonly spending: number;
  /** Hour around which most is paid. */
  readonly favouriteHour: number;
  /** Kilometres within which half of all is paid. */
  readonly radiusKm: number;
  /** A journey, in seconds of the period; null for who stays at home. */
  readonly journey: {
    readonly from: number;
    readonly to: number;
    readonly km: number;
    readonly isAbroad: boolean;
  } | null;
}

function drawOwner(card: number, draw: Draw): Owner {
  const from = draw.between(0, PERIOD_SECONDS);
  const journey = draw.chance(0.3)
    ? { from, to: from + draw.between(2, 10) * 86_400, km: draw.skewed(500, 0.9), isAbroad: draw.chance(0.5) }
    : null;
  return {
    card,
    spending: draw.skewed(1, 0.4),
    favouriteHour: draw.normal(15, 2.5),
    radiusKm: draw.skewed(4, 0.7),
    journey,
  };
}

const toEuros = (amount: number): number => Math.max(0.01, Math.round(amount * 100) / 100);
const toKilometres = (distance: number): number => Math.round(distance * 10) / 10;

function usualAmount({ spending }: Owner, category: MerchantCategoryName, draw: Draw): number {
  const { median, spread } = MERCHANT_CATEGORIES[category];
  return spending * draw.skewed(median, spread);
}

/** A payment of the owner: at the hours, places and amounts of everyday life, on a journey far from home. */
function drawOwnPayment(owner: Owner, draw: Draw): Payment {
  const day = draw.integer(0, PERIOD_SECONDS / 86_400 - 1);
  const hourOfDay = (draw.normal(owner.favouriteHour, 3.5) + 48) % 24;
  const second = Math.floor(day * 86_400 + hourOfDay * 3600);
  const merchantCategory = draw.category();
  const { isOnline } = MERCHANT_CATEGORIES[merchantCategory];
  const { journey } = owner;
  const isAway = journey !== null && second >= journey.from && second < journey.to;
  const distance = isAway ? draw.skewed(journey.km, 0.1) : draw.skewed(owner.radiusKm, 0.9);
  return {
    second,
    card: owner.card,
    amount: toEuros(usualAmount(owner, merchantCategory, draw)),
    merchantCategory,
    distanceFromHomeKm: isOnline ? null : toKilometres(distance),
    isHomeCountry: isOnline ? draw.chance(0.85) : !(isAway && journey.isAbroad),
    isCardPresent: !isOnline,
    fraud: null,
  };
}

/** Tiny payments online in quick succession: does the stolen number still work? */
function drawCardTesting(owner: Owner, start: number, draw: Draw): Payment[] {
  let second = start;
  return Array.from({ length: draw.integer(3, 6) }, () => {
    second += draw.integer(15, 120);
    return {
      second,
      card: owner.card,
      amount: toEuros(draw.between(0.5, 3)),
      merchantCategory: 'online_shop',
      distanceFromHomeKm: null,
      isHomeCountry: draw.chance(0.3),
      isCardPresent: false,
      fraud: 'card-testing',
    };
  });
}

/** A copy of the card draws cash and buys electronics far away. */
function drawClonedCard(owner: Owner, start: number, draw: Draw): Payment[] {
  let second = start;
  const km = draw.between(400, 8000);
  const isHomeCountry = draw.chance(0.15);
  return Array.from({ length: draw.integer(1, 3) }, () => {
    second += draw.integer(120, 5400);
    const merchantCategory = draw.pick(['cash', 'electronics'] as const);
    return {
      second,
      card: owner.card,
      amount: toEuros(usualAmount(owner, merchantCategory, draw) * draw.between(2, 5)),
      merchantCategory,
      distanceFromHomeKm: toKilometres(km * draw.between(0.98, 1.02)),
      isHomeCountry,
      isCardPresent: true,
      fraud: 'cloned-card',
    };
  });
}

/** Somebody else pays online with the owner's account, much and at night. */
function drawAccountTakeover(owner: Owner, start: number, draw: Draw): Payment[] {
  let second = Math.floor(start / 86_400) * 86_400 + draw.integer(0, 5 * 3600);
  return Array.from({ length: draw.integer(1, 3) }, () => {
    second += draw.integer(60, 3600);
    const merchantCategory = draw.pick(['online_shop', 'travel'] as const);
    return {
      second,
      card: owner.card,
      amount: toEuros(usualAmount(owner, merchantCategory, draw) * draw.between(3, 10)),
      merchantCategory,
      distanceFromHomeKm: null,
      isHomeCountry: draw.chance(0.5),
      isCardPresent: false,
      fraud: 'account-takeover',
    };
  });
}

const EPISODES: Readonly<Record<FraudPattern, (owner: Owner, start: number, draw: Draw) => Payment[]>> = {
  'card-testing': drawCardTesting,
  'cloned-card': drawClonedCard,
  'account-takeover': drawAccountTakeover,
};

function drawPattern(draw: Draw): FraudPattern {
  let left = draw.between(0, 1);
  for (const [pattern, share] of EPISODE_SHARES) {
    left -= share;
    if (left < 0) return pattern;
  }
  return 'account-takeover';
}

/** Adds what a card's own past tells. Payments are in the order of time. */
function complete(payments: readonly Payment[]): SyntheticTransaction[] {
  const lastOf = new Map<number, number>();
  return payments.map((payment) => {
    const last = lastOf.get(payment.card);
    lastOf.set(payment.card, payment.second);
    return {
      ...payment,
      hour: Math.floor(payment.second / 3600) % 24,
      secondsSinceLast: last === undefined ? null : payment.second - last,
    };
  });
}

/**
 * Makes synthetic card payments of 90 days in the order of time, a stated share of them fraudulent by three known patterns: small payments in
 * quick succession, cash and electronics far from home, much paid online at night. Owners travel and buy dear things too, so that no
 * single column gives fraud away. They are nobody's data and must be labelled synthetic wherever they show.
 */
export function generateTransactions({
  rows,
  seed,
  fraudShare = DEFAULT_FRAUD_SHARE,
}: TransactionsRequest): SyntheticTransaction[] {
  const draw = new Draw(createSeededRng(seed));
  const owners = Array.from({ length: Math.max(1, Math.round(rows / PAYMENTS_PER_CARD)) }, (_, card) =>
    drawOwner(card, draw),
  );
  const fraudRows = Math.round(rows * fraudShare);
  const payments: Payment[] = [];
  while (payments.length < fraudRows) {
    const episode = EPISODES[drawPattern(draw)](draw.pick(owners), draw.between(0, PERIOD_SECONDS), draw);
    payments.push(...episode.slice(0, fraudRows - payments.length));
  }
  while (payments.length < rows) payments.push(drawOwnPayment(draw.pick(owners), draw));
  payments.sort((a, b) => a.second - b.second || a.card - b.card);
  return complete(payments);
}
