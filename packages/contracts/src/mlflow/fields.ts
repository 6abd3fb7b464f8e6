import { z } from 'zod';
import * as field from './proto-json.js';

/** What several of MLflow's messages have in common. */

export const Tag = z.object({ key: field.requiredText, value: field.optional(field.text) });
export const Param = z.object({ key: field.requiredText, value: field.optional(field.text) });

export const Metric = z.object({
  key: field.requiredText,
  value: field.double,
  timestamp: field.millis,
  step: field.optional(field.int64),
  model_id: field.optional(field.text),
  dataset_name: field.optional(field.text),
  dataset_digest: field.optional(field.text),
});

export const ViewType = field.enumOf({ ACTIVE_ONLY: 1, DELETED_ONLY: 2, ALL: 3 });

/** How lists are searched by page; the token is the one of the page before. */
export const Search = {
  max_results: field.optional(field.int64),
  page_token: field.optional(field.text),
  filter: field.optional(field.text),
  order_by: field.list(field.text),
};
