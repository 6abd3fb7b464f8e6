/** How a model of another flavour becomes one that is served: what to convert it with. */
const CONVERTERS: Readonly<Record<string, string>> = {
  sklearn: 'skl2onnx.to_onnx(model, x[:1].astype("float32"), options={id(model): {"zipmap": False}})',
  xgboost: 'onnxmltools.convert_xgboost(model, initial_types=[("features", FloatTensorType([None, columns]))])',
  lightgbm:
    'onnxmltools.convert_lightgbm(model, initial_types=[("features", FloatTensorType([None, columns]))], zipmap=False)',
  catboost: 'model.save_model(path, format="onnx") and onnx.load(path)',
  pytorch: 'torch.onnx.export(model, sample, path, dynamic_axes={"features": {0: "rows"}}, input_names=["features"])',
  tensorflow: 'tf2onnx.convert.from_keras(model)',
  keras: 'tf2onnx.convert.from_keras(model)',
  spark: 'onnxmltools.convert_sparkml(model, initial_types=[...])',
};

/** Of a model in other flavours than ONNX. */
export function sayFlavor(flavors: readonly string[]): string {
  const [flavor] = flavors;
  const what = flavors.length === 0 ? 'as a Python function only' : `with the flavor ${flavors.join(', ')}`;
  const converter =
    (flavor && CONVERTERS[flavor]) ?? 'the converter of its library (https://onnx.ai/onnx/intro/converters.html)';
  return `it was logged ${what}, and only ONNX is served. Convert it with ${converter} and log that with mlflow.onnx.log_model(onnx_model, ..., registered_model_name=...).`;
}

export const NO_MODEL_FILE =
  'there is no MLmodel file where its source points to: log the model with log_model of its flavor, and register what that answers.';

export const sayElsewhere = (scheme: string): string =>
  `its files are in ${scheme} storage, where this registry does not read: log the model to this server, whose artifacts it keeps.`;

export const NO_KNOWN_OUTPUTS =
  'its outputs are of no task that is served: a classifier answers an int64 label and float32 probabilities [rows, classes], a regression one float32 value per row.';

export const NO_COLUMNS =
  'it must have one float32 input [rows, columns] that says how many columns it takes; with skl2onnx: initial_types=[("features", FloatTensorType([None, columns]))].';

export const sayFaults = (faults: readonly string[]): string => `${faults.join('; ')}.`;
