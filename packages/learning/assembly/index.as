export { addCodes, encodeValues } from './encode';
export { applyMask, evaluateGroups, pickBest, slotsOf, writeMask } from './evaluate';
export { addPairs, standardiseColumns } from './gram';
export { addProducts, addTerms, shareMargins } from './linear';
export { logisticPairs, normaliseSoftmax, softmaxPairs, squaredPairs } from './gradients';
export { setCategoryLimits, setLimits, setTables } from './node';
export { addToMargins, fillRows, gatherPairs, partition, sumPairs } from './rows';
export { endTeam, evaluateWithTeam, gatherPairsWithTeam, helpTeam, logisticPairsWithTeam } from './team';
export { sortDistinct } from './sort';
