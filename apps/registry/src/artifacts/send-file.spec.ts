import { expect, it } from '@jest/globals';
import { downloadHeaders } from './send-file.js';

const dispositionOf = (path: string): string =>
  downloadHeaders({ path, contentType: 'text/plain' })['content-disposition'];

it('names a download as its file, in ASCII for all and exactly for those that understand it', () => {
  expect(dispositionOf('model/MLmodel')).toBe('attachment; filename="MLmodel"');
  expect(dispositionOf("a/two ü's.txt")).toBe(
    `attachment; filename="two _'s.txt"; filename*=UTF-8''two%20%C3%BC%27s.txt`,
  );
});

// Guards the header against names that somebody chose to break out of it.
it.each(['a".html', 'a\\".html', 'a\r\nset-cookie: x', 'a%22.html', '日本語'])('quotes %j', (name) => {
  expect(dispositionOf(name)).toMatch(/^attachment; filename="[ !#-[\]-~]*"(; filename\*=UTF-8''[\w.~%!-]*)?$/);
});

it('sends what is no content type as bytes', () => {
  for (const contentType of ['', 'text', 'text/html\r\nx: y', 'text/html; x=1'])
    expect(downloadHeaders({ path: 'a', contentType })['content-type']).toBe('application/octet-stream');
});
