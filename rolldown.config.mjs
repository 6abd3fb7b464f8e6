import { globSync } from 'node:fs';
import { basename } from 'node:path';

/** Read from node_modules as they are: native code, and what a framework would use if it were installed. */
const EXTERNAL = [
  'onnxruntime-node',
  'class-transformer',
  'class-validator',
  /^@fastify\/(static|view)$/,
  /^@nestjs\/(microservices|platform-express|websockets)/,
];

/** V8 keeps a text in two bytes a character when one of them is beyond Latin-1, and a dash in a comment is. Services hold the text of their code for ever. */
const escapeBeyondAscii = {
  name: 'escape-beyond-ascii',
  generateBundle(_options, files) {
    for (const file of Object.values(files)) if (file.type === 'chunk') file.code = escapeText(file.code);
  },
};
const escapeText = (code) =>
  code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Puts each program of an app, its main file and its workers, into one file and what they share: `dist/main.js` becomes `dist/bundle/main.js`. Of
 * the time that a service takes to start, Node spends more than half on finding and linking a thousand modules one by one.
 *
 * Workers are started by `new URL('./name.js', import.meta.url)`, so all files lie in one folder.
 */
export default {
  input: Object.fromEntries(
    globSync('dist/{main,!(bundle)/**/*{-,.}worker}.js').map((path) => [basename(path, '.js'), path]),
  ),
  platform: 'node',
  external: EXTERNAL,
  plugins: [escapeBeyondAscii],
  output: {
    dir: 'dist/bundle',
    format: 'esm',
    cleanDir: true,
    keepNames: true,
    sourcemap: true,
    entryFileNames: '[name].js',
  },
};
