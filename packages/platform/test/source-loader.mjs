// Lets a real process run the TypeScript sources, decorators included: `node --conditions=gimbal-source --import ./source-loader.mjs x.ts`.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const swcrc = JSON.parse(readFileSync(new URL('../../../.swcrc', import.meta.url), 'utf8'));

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      // Relative imports name the file that the build will make.
      if (specifier.startsWith('.') && specifier.endsWith('.js'))
        return next(specifier.replace(/\.js$/, '.ts'), context);
      throw error;
    }
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    const { code } = transformSync(readFileSync(fileURLToPath(url), 'utf8'), {
      ...swcrc,
      sourceMaps: 'inline',
      filename: fileURLToPath(url),
      swcrc: false,
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
