export { addCodes, encodeValues } from './encode';
export { evaluateGroups, pickBest, slotsOf } from './evaluate';
export { logisticPairs, normaliseSoftmax, softmaxPairs, squaredPairs } from './gradients';
export { setCategoryLimits, setLimits, setTables } from './node';
export { addToMargins, fillRows, gatherPairs, partition, sumPairs } from './rows';
