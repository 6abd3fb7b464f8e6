/** Entries of an exported model, in this order: what it is, the signature of that, and the files by their digest. */
export const ARCHIVE_ENTRY = 'archive.json';
export const SIGNATURE_ENTRY = 'signature.jws';
export const contentEntry = (digest: string): string => `content/${digest}`;

/** It is held in memory as a whole, unlike the files. */
export const ARCHIVE_BYTES_MAX = 33_554_432;
export const SIGNATURE_BYTES_MAX = 16_384;
