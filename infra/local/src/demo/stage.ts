import type { Clinic } from './clinic.js';
import type { Story } from './story.js';

/** What the chapters share. */
export interface Stage {
  readonly clinic: Clinic;
  readonly story: Story;
  readonly home: string;
}
