import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs';

/** What is done to the files of the log; replaced in tests to make a disk fail. */
export const SPOOL_FILES = { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, unlinkSync, writeSync };
export type SpoolFiles = typeof SPOOL_FILES;
