import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { UsageError } from './exit-code.js';

/** What is known of a file, and the file, which is read as it is sent. @throws UsageError when it can't be read */
export async function fileForm(metadata: object, file: string): Promise<FormData> {
  const form = new FormData();
  form.append('metadata', new Blob([JSON.stringify(metadata)], { type: 'application/json' }));
  try {
    form.append('file', await openAsBlob(file), basename(file));
  } catch {
    throw new UsageError(`${file} cannot be read`);
  }
  return form;
}
