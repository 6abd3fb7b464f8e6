// Every link from a document into the repository leads to a file that is there, and to a heading that it has.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const isOthers = (path) => /(^|\/)(node_modules|dist|\.[^/]+)(\/|$)/.test(path);
const pages = globSync('**/*.md', { cwd: root, exclude: isOthers });

/** The text of a page without its blocks of code. */
const prose = (path) => readFileSync(path, 'utf8').replaceAll(/^```.*?^```/gms, '');

/** The name that a heading gets as the target of a link: small letters, hyphens for blanks, no other signs. */
const anchorOf = (heading) =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');
const anchorsOf = (path) => [...prose(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading));

/** What is wrong with a link of a page; null when it leads somewhere. */
function faultOf(page, link) {
  const [path, anchor] = link.split('#');
  const target = path === '' ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(target)) return 'no such file';
  return anchor && target.endsWith('.md') && !anchorsOf(target).includes(anchor) ? 'no such heading' : null;
}

const links = pages.flatMap((page) =>
  [...prose(join(root, page)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) =>
    /^[a-z]+:/.test(link) ? [] : [{ page, link }],
  ),
);
const faults = links.flatMap(({ page, link }) => faultOf(page, link)?.replace(/^/, `${page}: ${link}: `) ?? []);
if (links.length === 0) faults.push('no document has a link: nothing was checked');
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exit(1);
}
