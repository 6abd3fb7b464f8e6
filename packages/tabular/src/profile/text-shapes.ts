const DATE = /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/;
const LOCAL_DATE = /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( \d{1,2}:\d{2}(:\d{2})?)?$/;
const ZERO_LED = /^[+-]?0\d+$/;
const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$|^[+-]?\d{1,3}(\.\d{3})+,\d+$|^[+-]?\d+,\d+$/;

/** What texts of a column may be instead. */
export const TEXT_SHAPES = ['date', 'zero-led', 'number-like', 'word'] as const;
export type TextShape = (typeof TEXT_SHAPES)[number];

/** The shape of one text: a date, a code with leading zeros, a number in another notation, or none of these. */
export function shapeOf(text: string): TextShape {
  if (DATE.test(text) || LOCAL_DATE.test(text)) return 'date';
  if (ZERO_LED.test(text)) return 'zero-led';
  return GROUPED.test(text) ? 'number-like' : 'word';
}

/** Whether a number reads as a day: 20260131 in the years 1900 to 2100. */
export function isDayNumber(value: number): boolean {
  if (!(value >= 19_000_101 && value <= 21_001_231) || !Number.isInteger(value)) return false;
  const month = Math.floor(value / 100) % 100;
  const day = value % 100;
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= new Date(Date.UTC(Math.floor(value / 10_000), month, 0)).getUTCDate()
  );
}
