import * as contracts from '@gimbal/contracts';
import * as domain from '@gimbal/domain';
import { expect, it } from '@jest/globals';

// Contracts stay light for those who install the client, so they do not import the domain: the words stand in both.
it('says outside in the same words what is thought inside', () => {
  expect(contracts.DIAGNOSES).toEqual(domain.DIAGNOSES);
  expect(contracts.ACTION_TYPES).toEqual(domain.ACTION_TYPES);
  expect(contracts.ACTION_STATES).toEqual(domain.ACTION_STATES);
  expect(contracts.RISKS).toEqual(domain.RISKS);
  expect(contracts.STAGES).toEqual(domain.LIFECYCLE_STAGES);
});
