import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataOrigin } from '@gimbal/contracts';
import { parse } from 'csv-parse';
import { z } from 'zod';

/** One patient of a data file: the 13 features as `/predict` takes them (null = not measured), and the outcome. */
export interface Patient {
  readonly features: Readonly<Record<string, number | null>>;
  readonly actual: 0 | 1;
}

const Manifest = z.object({ origin: DataOrigin, parts: z.record(z.string(), z.object({ file: z.string() })) });

/** The hospitals' files as training resolved them: all from one origin. */
export async function readHospitals(
  folder: string,
): Promise<{ origin: DataOrigin; patientsOf: (part: string) => Promise<Patient[]> }> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  const patientsOf = async (part: string): Promise<Patient[]> => {
    const entry = manifest.parts[part];
    if (!entry) throw new Error(`the data folder ${folder} has no part ${part}`);
    const patients: Patient[] = [];
    const rows: AsyncIterable<Record<string, string>> = createReadStream(join(folder, entry.file)).pipe(
      parse({ columns: true }),
    );
    for await (const { num, ...cells } of rows) {
      const features = Object.fromEntries(
        Object.entries(cells).map(([name, text]) => [name, text === '?' || text === '' ? null : Number(text)]),
      );
      patients.push({ features, actual: Number(num) > 0 ? 1 : 0 });
    }
    return patients;
  };
  return { origin: manifest.origin, patientsOf };
}
