import { describe, expect, it } from '@jest/globals';
import { concludeAssessment, type Findings } from './conclude-assessment.js';

type Words = { quality?: string | null; drift?: string | null; performance?: string | null };
/** Only the verdicts of the parts are read. */
const conclude = ({ quality = 'ok', drift = 'stable', performance = 'healthy' }: Words) => {
  const part = (verdict: string | null) => (verdict === null ? null : { verdict });
  return concludeAssessment({
    quality: part(quality),
    drift: part(drift),
    performance: part(performance),
    predictions: null,
  } as Findings);
};

describe('one word for a window', () => {
  it.each<[Words, string]>([
    [{}, 'healthy'],
    [{ quality: 'warning', drift: 'minor' }, 'healthy'],
    [{ performance: 'insufficient' }, 'healthy'],
    [{ drift: null }, 'healthy'],
    [{ drift: 'drifted' }, 'drift'],
    [{ drift: 'drifted', performance: 'insufficient' }, 'drift'],
    [{ drift: 'drifted', performance: 'degraded' }, 'degraded'],
    [{ drift: null, performance: 'degraded' }, 'degraded'],
    [{ quality: 'fault', drift: 'drifted', performance: 'degraded' }, 'data-fault'],
    [{ drift: 'insufficient', performance: 'insufficient' }, 'insufficient'],
    [{ quality: null, drift: null, performance: null }, 'insufficient'],
  ])('%j -> %s', (words, verdict) => {
    expect(conclude(words).verdict).toBe(verdict);
  });

  it('says unknown, not no, where a question could not be asked', () => {
    expect(conclude({ quality: null, drift: 'insufficient', performance: 'insufficient' })).toEqual({
      verdict: 'insufficient',
      dataQuality: null,
      driftDetected: null,
      performance: 'insufficient',
    });
  });
});
