import { parseJsonBody, parseJsonText } from '../parse-json-body.js';
import { isObject } from '../refuse.js';
import { type NumberList, readNumberList } from './number-list.js';

/** Of a shorter body `JSON.parse` alone makes less work. */
const BYTES_MIN = 2_048;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DATA = Buffer.from('"data"');
/** What stands between that name and the list. */
const UP_TO_LIST = /^[ \t\r\n]*:[ \t\r\n]*(?=\[)/;
const UP_TO_LIST_BYTES_MAX = 16;
/** A body that goes on so long without a list of numbers has texts for its elements. */
const TEXTS_MAX = 50;
/** For the numbers of one body after the other: memory of their own would cost as much as reading them. */
const ROOM = new Float64Array(8_192);

/**
 * Parses the JSON of a request. The `data` of its inputs are {@link NumberList}s where they are lists of numbers that can be read as such; all
 * else is as `JSON.parse` has it. Their numbers are to be copied before another body is parsed.
 * @throws DomainError `malformed-json`
 */
export function parseTensorBody(body: Uint8Array): unknown {
  if (body.byteLength < BYTES_MIN) return parseJsonBody(body);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const lists = findLists(bytes);
  const around = cutOut(bytes, lists);
  // With a backslash in it, a text may go on behind what was taken for its end, or look like a mark.
  if (lists.length === 0 || around.some((part) => part.includes(BACKSLASH))) return parseJsonBody(body);
  const json = parseJsonText(around.map((part, index) => (index > 0 ? `"\\u0000${index - 1}"` : '') + part).join(''));
  return putBack(json, lists) === lists.length ? json : parseJsonBody(body);
}

/** The lists of numbers that stand behind the name `data`. */
function findLists(bytes: Buffer): readonly NumberList[] {
  const lists: NumberList[] = [];
  let room = ROOM;
  for (let at = 0, texts = 0; texts < TEXTS_MAX; texts++) {
    const start = bytes.indexOf(QUOTE, at);
    at = start < 0 ? 0 : bytes.indexOf(QUOTE, start + 1) + 1;
    if (at === 0) break;
    if (at - start !== DATA.length || bytes.compare(DATA, 0, DATA.length, start, at) !== 0) continue;
    const between = UP_TO_LIST.exec(bytes.toString('latin1', at, at + UP_TO_LIST_BYTES_MAX));
    const list = between && readNumberList(bytes, at + between[0].length, room);
    if (!list) continue;
    lists.push(list);
    room = room.subarray(list.numbers.length);
    at = list.end;
    texts = 0;
  }
  return lists;
}

/** What stands before, between and behind the lists. */
function cutOut(bytes: Buffer, lists: readonly NumberList[]): readonly Buffer[] {
  const starts = [0, ...lists.map(({ end }) => end)];
  return starts.map((from, index) => bytes.subarray(from, lists[index]?.start));
}

/**
 * @param json in which `\0` and its number stand for each list
 * @returns how many of the lists are `data` of inputs
 */
function putBack(json: unknown, lists: readonly NumberList[]): number {
  if (!isObject(json) || !Array.isArray(json['inputs'])) return 0;
  let found = 0;
  for (const input of json['inputs'])
    if (isObject(input) && typeof input['data'] === 'string' && input['data'].startsWith('\0')) {
      Object.assign(input, { data: lists[Number(input['data'].slice(1))] });
      found += 1;
    }
  return found;
}
