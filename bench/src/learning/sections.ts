import { compareBank } from './compare-bank.js';
import { compareCleveland } from './compare-cleveland.js';
import { compareLarge, compareMiddle } from './compare-dense.js';
import { compareIsolation } from './compare-isolation.js';
import { compareQuality } from './compare-quality.js';
import { compareExplanations } from './explanations/compare-explanations.js';
import { compareLargeBinning } from './large/compare-large-binning.js';
import type { Section } from './setting.js';
import { explainAbsence } from './tables/read-public-tables.js';
import { compareTexts } from './texts/compare-texts.js';
import { compareThreads } from './threads/compare-threads.js';

const explanations: Section = async ({ python, rounds, say }) => {
  if (python !== null) return compareExplanations(python, rounds);
  say('TreeSHAP skipped: its trees are those of the Python libraries');
  return [];
};

const texts: Section = async ({ python, data, rounds, say }) => {
  const absence = explainAbsence(data, { file: 'banking77-train.csv' });
  if (absence === null && data !== null) return compareTexts(python, data, rounds);
  say(`BANKING77 skipped: ${absence}`);
  return [];
};

/** The parts of the benchmark in the order in which they run. */
export const SECTIONS = {
  middle: compareMiddle,
  bank: compareBank,
  isolation: compareIsolation,
  explanations,
  texts,
  quality: compareQuality,
  large: compareLarge,
  cleveland: compareCleveland,
  threads: compareThreads,
  binning: compareLargeBinning,
} as const satisfies Record<string, Section>;

/** Runs from sources, without building and without Python, in seconds: what smoke tests run. */
export const SMOKE_SECTIONS = [
  'middle',
  'bank',
  'isolation',
  'quality',
  'cleveland',
] as const satisfies (keyof typeof SECTIONS)[];
