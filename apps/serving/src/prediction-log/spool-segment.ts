/**
 * The prediction log's file format: a segment is {@link SEGMENT_MAGIC}, 8 random bytes that name it, and then records as the contract of
 * the job `predictions.spooled` has them.
 */
export const SEGMENT_MAGIC = Buffer.from('GSPOOL02', 'latin1');
export const SEGMENT_NAME_BYTES = 8;
export const SEGMENT_HEAD_BYTES = SEGMENT_MAGIC.length + SEGMENT_NAME_BYTES;
