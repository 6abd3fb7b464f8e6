import { randomInt } from 'node:crypto';

const QUALITIES =
  'able amber bold brisk calm clear cosmic crisp eager early fair fleet gentle golden keen kind lively lucid mellow merry modest nimble noble patient plucky proud quick quiet rapid ready silent silver spry steady stoic sunny swift tidy vivid wise'.split(
    ' ',
  );
const CREATURES =
  'badger bear bee bison crane crow deer dove eagle elk falcon finch fox gull hare hawk heron horse ibis jay kite lark lynx mole moose moth newt otter owl plover quail raven robin seal shrew stoat swan tern trout vole wren'.split(
    ' ',
  );

/** A name for a run or a model that was given none, such as `calm-otter-417`. */
export const randomName = (): string => `${pick(QUALITIES)}-${pick(CREATURES)}-${randomInt(1_000)}`;

const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? '';
