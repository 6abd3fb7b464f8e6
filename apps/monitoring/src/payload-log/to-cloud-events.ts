import type { LoggedRow } from '../prediction-log/prediction-log.repository.js';

/** A prediction in CloudEvents 1.0 (https://github.com/cloudevents/spec), structured, with the extension attributes of KServe's logger. */
export interface PayloadEvent {
  readonly specversion: '1.0';
  /** Of the prediction. Request and response share it, as they do in KServe; their sources differ. */
  readonly id: string;
  readonly source: string;
  readonly type: `org.kubeflow.serving.inference.${'request' | 'response'}`;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly inferenceservicename: string;
  readonly namespace: 'gimbal';
  readonly component: 'predictor';
  /** The version that answered. */
  readonly endpoint: string;
  /** Id of the HTTP request that the row came with. */
  readonly requestid?: string;
  readonly data: object;
}

type Value = LoggedRow['features'][string];

/** The question and the answer of one row, in the shapes of Open Inference v2: the question can be asked again as it stands. */
export function toCloudEvents(row: LoggedRow): readonly [PayloadEvent, PayloadEvent] {
  const path = `/v2/models/${encodeURIComponent(row.modelName)}/versions/${row.modelVersion}/infer`;
  const about = {
    specversion: '1.0',
    id: row.id,
    time: row.createdAt,
    datacontenttype: 'application/json',
    inferenceservicename: row.modelName,
    namespace: 'gimbal',
    component: 'predictor',
    endpoint: String(row.modelVersion),
    ...(row.requestId !== '' && { requestid: row.requestId }),
  } as const;
  return [
    {
      ...about,
      source: `${path}#request`,
      type: 'org.kubeflow.serving.inference.request',
      data: { id: row.id, inputs: Object.entries(row.features).flatMap(([name, value]) => toTensor(name, value)) },
    },
    {
      ...about,
      source: `${path}#response`,
      type: 'org.kubeflow.serving.inference.response',
      data: {
        ...{ id: row.id, model_name: row.modelName, model_version: String(row.modelVersion) },
        parameters: { prediction_id: row.id, threshold: row.threshold },
        outputs: toOutputs(row),
      },
    },
  ];
}

/** A missing value has no tensor, which is how a request says it. */
const toTensor = (name: string, value: Value): object[] =>
  value === null ? [] : [{ name, shape: [1], datatype: typeof value === 'string' ? 'BYTES' : 'FP64', data: [value] }];

const toOutputs = ({ prediction, probability, classProbabilities }: LoggedRow): object[] => [
  ...toTensor('prediction', prediction),
  ...toTensor('probability', probability),
  ...(classProbabilities
    ? [{ name: 'probabilities', shape: [1, classProbabilities.length], datatype: 'FP64', data: classProbabilities }]
    : []),
];
