import { describe, expect, it } from '@jest/globals';
import { mergeFields, toldFields } from './merge-fields.js';

const told = (fields: Record<string, string>) => ({ fields, files: {} });

describe('what is written to the other side', () => {
  it('is what changed here, was added here and was removed here', () => {
    const sides = {
      ours: { name: 'b', 'tag:new': '1', same: 's' },
      theirs: { name: 'a', 'tag:old': '2', same: 's', foreign: 'f' },
      told: told({ name: 'a', 'tag:old': '2', same: 's' }),
      telling: null,
    };
    const { changes, conflicts } = mergeFields(sides);
    expect(changes).toEqual([
      { field: 'name', value: 'b' },
      { field: 'tag:new', value: '1' },
      { field: 'tag:old', value: undefined },
    ]);
    expect(conflicts).toEqual([]);
    expect(toldFields(sides, conflicts)).toEqual(sides.ours);
  });

  it('is never what somebody else set, changed or removed there', () => {
    const sides = {
      ours: { name: 'b', 'tag:new': '1', 'tag:kept': 'k2' },
      theirs: { name: 'theirs', 'tag:new': 'theirs' },
      told: told({ name: 'a', 'tag:kept': 'k' }),
      telling: null,
    };
    const { changes, conflicts } = mergeFields(sides);
    expect(changes).toEqual([]);
    expect(conflicts).toEqual(['name', 'tag:new', 'tag:kept']);
    expect(toldFields(sides, conflicts)).toEqual({ name: 'a', 'tag:kept': 'k' });
  });

  it('goes on after a crash in the middle, whichever value is there', () => {
    for (const there of ['before', 'being written']) {
      const { changes, conflicts } = mergeFields({
        ours: { name: 'newest' },
        theirs: { name: there },
        told: told({ name: 'before' }),
        telling: told({ name: 'being written' }),
      });
      expect(changes).toEqual([{ field: 'name', value: 'newest' }]);
      expect(conflicts).toEqual([]);
    }
  });

  it('is nothing when somebody else wrote the same', () => {
    expect(mergeFields({ ours: { a: '1' }, theirs: { a: '1' }, told: null, telling: null })).toEqual({
      changes: [],
      conflicts: [],
    });
  });
});
