// Planted on purpose: domain must import nothing. The boundary check fails when this file is NOT reported.
import { readFileSync } from 'node:fs';

export const read = (file: string): string => readFileSync(file, 'utf8');
