import { z } from 'zod';
import { wire } from '../wire.js';

/** What a model tells. */
export const TASKS = [
  'binary-classification',
  'multiclass-classification',
  'regression',
  'anomaly-detection',
  'text-classification',
] as const;
export const Task = z.enum(TASKS);
export type Task = z.output<typeof Task>;

/**
 * One input of a model: what it accepts and what it saw in training (outside = a warning, never a refusal). `number` and `category` are
 * sent as numbers; a `boolean` as true or false, or 1 or 0; a category with `categories` is sent as one of these texts; `text` is free text, the only input of its model.
 */
export const SignatureInput = wire({
  name: z.string().min(1).max(200),
  type: z.enum(['number', 'boolean', 'category', 'text']),
  /** The texts that training saw, by their code: text i is code i. Absent for a category whose codes are numbers. */
  categories: z.array(z.string().max(1_000)).max(10_000).optional(),
  description: z.string().max(500),
  allowed: z.array(z.number()).nullable(),
  range: z.tuple([z.number().nullable(), z.number().nullable()]).nullable(),
  missing: z.enum(['allowed', 'refused']),
  trainingRange: z.tuple([z.number(), z.number()]).nullable(),
});
export type SignatureInput = z.output<typeof SignatureInput>;

/**
 * How to call the ONNX file: a float32 tensor `features` [rows, inputs] in the order of `inputs`, NaN = missing, without the inputs that
 * are sent as texts: these are a tensor `texts` of strings [rows, such inputs], '' = missing. A text classifier takes strings `query` [rows].
 * Outputs by task: `label` and `probability` of the positive class (binary), `label` and `probabilities` [rows, classes] (multiclass, text;
 * label -1: abstained), `value` (regression), `label` and `score` (anomaly).
 */
export const ModelSignature = wire({
  task: Task,
  /** Names of the classes by index; absent when the answer is no class, or 0 and 1. */
  classes: z.array(z.string().max(1_000)).max(10_000).optional(),
  inputs: z.array(SignatureInput).min(1).max(2_000),
  target: z.string().max(200),
  codings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.number()))),
  /** `off`: serving remembers no answer of this model and computes each anew. */
  cache: z.enum(['on', 'off']).optional(),
});
export type ModelSignature = z.output<typeof ModelSignature>;
