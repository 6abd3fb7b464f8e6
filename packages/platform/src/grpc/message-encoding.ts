import { gunzipSync, inflateSync } from 'node:zlib';
import { GrpcFailure } from './grpc-failure.js';

const INFLATE = { gzip: gunzipSync, deflate: inflateSync } as const;
export type MessageEncoding = keyof typeof INFLATE;

/** What `grpc-accept-encoding` says. */
export const ENCODINGS_TAKEN = ['identity', ...Object.keys(INFLATE)].join(',');

const isEncoding = (name: string): name is MessageEncoding => Object.hasOwn(INFLATE, name);

/** How those messages of a call are compressed that say so, by its `grpc-encoding`; undefined: none may. @throws GrpcFailure `UNIMPLEMENTED` */
export function readEncoding(header: string | string[] | undefined): MessageEncoding | undefined {
  const name = String(header ?? 'identity');
  if (name === 'identity') return undefined;
  if (isEncoding(name)) return name;
  throw new GrpcFailure('UNIMPLEMENTED', `Messages may be compressed with gzip or deflate, not ${name}.`);
}

/** The methods that are answered here are asked with a name or two. */
const INFLATED_BYTES_MAX = 65_536;

/** A message of a method that is answered here, as it was before it was compressed. @throws GrpcFailure `INVALID_ARGUMENT` */
export function inflateMessage(bytes: Uint8Array, encoding: MessageEncoding | undefined): Uint8Array {
  if (encoding === undefined) return bytes;
  try {
    return INFLATE[encoding](bytes, { maxOutputLength: INFLATED_BYTES_MAX });
  } catch {
    throw new GrpcFailure('INVALID_ARGUMENT', `The message is not in ${encoding}, or it is too long.`);
  }
}
