import { expect, it } from '@jest/globals';
import { storableJson } from './storable-json.js';

// jsonb refuses these (SQLSTATE 22P05), and one refused value would keep the other rows of its batch out of the log.
it('replaces what jsonb cannot hold, in names and values, and nothing else', () => {
  const odd = {
    'na\u0000me': ['\u0000', '\ud800x', 'ok \\u0000'],
    nested: { deep: '\udfff' },
    n: 1.5,
    no: null,
    yes: true,
  };
  expect(JSON.parse(storableJson(odd))).toEqual({
    'na\ufffdme': ['\ufffd', '\ufffdx', 'ok \\u0000'],
    nested: { deep: '\ufffd' },
    ...{ n: 1.5, no: null, yes: true },
  });
});
