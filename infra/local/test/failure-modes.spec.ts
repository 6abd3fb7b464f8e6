import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ROOT } from './ward.js';

const page = readFileSync(join(ROOT, 'docs/failure-modes.md'), 'utf8');
const errors = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
const named = [...page.matchAll(/`([\w./-]+\.(?:spec|int-spec|conformance)\.ts)`/g)].map(([, path]) => path ?? '');

it('docs/failure-modes.md names tests that exist, by their path when they lie elsewhere', () => {
  const here = new Set(readdirSync(import.meta.dirname));
  const elsewhere = new Set(named.filter((path) => path.includes('/')).map((path) => basename(path)));
  const missing = named.filter((path) =>
    path.includes('/') ? !existsSync(join(ROOT, path)) : !here.has(path) && !elsewhere.has(path),
  );
  expect(missing).toEqual([]);
});

it('docs/failure-modes.md has every section that docs/errors.md sends its readers to', () => {
  const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  const wanted = [...errors.matchAll(/failure-modes\.md`, "([^"]+)"/g)].map(([, title]) => title);
  expect(wanted.length).toBeGreaterThan(0);
  expect(sections).toEqual(expect.arrayContaining(wanted));
});

it('docs/failure-modes.md speaks only of codes that docs/errors.md explains', () => {
  const codes = [...page.matchAll(/^\| `([a-z]+(?:-[a-z]+)+)`/gm)].map(([, code]) => code);
  expect(codes.filter((code) => !errors.includes(`| \`${code}\` |`))).toEqual([]);
});
