// Made from the gateway's OpenAPI document by `node packages/client/scripts/write-openapi-types.mjs`.
export interface paths {
    readonly "/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The whole system */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["GatewayHealth"];
                    };
                };
                /** @description A failure */
                readonly default: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/health/live": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The process runs */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": Record<string, never>;
                    };
                };
                /** @description A failure */
                readonly default: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/health/ready": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Predictions can be answered */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": Record<string, never>;
                    };
                };
                /** @description A failure */
                readonly default: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/metrics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Prometheus metrics; open on loopback, elsewhere for viewers */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "text/plain": string;
                    };
                };
                /** @description A failure */
                readonly default: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** This document */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": Record<string, never>;
                    };
                };
                /** @description A failure */
                readonly default: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/docs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Interactive documentation */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "text/html": string;
                    };
                };
                /** @description A failure */
                readonly default: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/docs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Interactive documentation of a model, for whoever has a key */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly model: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "text/html": string;
                    };
                };
                /** @description A failure */
                readonly default: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/versions/{version}/docs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Interactive documentation of a model, for whoever has a key */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly model: string;
                    readonly version: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Done */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "text/html": string;
                    };
                };
                /** @description A failure */
                readonly default: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/predict": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Heart disease: 13 fields in, probability out
         * @description Needs the role `predictor`.
         */
        readonly post: operations["predict"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/predict/intent": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * A text in, its intent out
         * @description Needs the role `predictor`.
         */
        readonly post: operations["predictIntent"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/predict/anomaly": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * A transaction in, how unusual it is out
         * @description Needs the role `predictor`.
         */
        readonly post: operations["predictAnomaly"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/predict": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Rows in, one result per row, in order
         * @description Needs the role `predictor`.
         */
        readonly post: operations["predictModel"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What the server is and which extensions it has
         * @description Needs a key of any role.
         */
        readonly get: operations["openServer"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/health/live": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The server runs */
        readonly get: operations["openLive"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/health/ready": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What is live is known */
        readonly get: operations["openReady"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Names of the models
         * @description Needs a key of any role.
         */
        readonly get: operations["openModels"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Inputs and outputs of the live version
         * @description Needs a key of any role.
         */
        readonly get: operations["openModel"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/versions/{version}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Inputs and outputs of a version
         * @description Needs a key of any role.
         */
        readonly get: operations["openVersion"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/ready": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether the live version answers
         * @description Needs a key of any role.
         */
        readonly get: operations["openModelReady"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/versions/{version}/ready": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether a version answers
         * @description Needs a key of any role.
         */
        readonly get: operations["openVersionReady"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/infer": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Tensors in, tensors out
         * @description Needs the role `predictor`.
         */
        readonly post: operations["openInfer"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/versions/{version}/infer": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Tensors in, tensors of one version out
         * @description Needs the role `predictor`.
         */
        readonly post: operations["openInferVersion"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/config": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How the live version is run
         * @description Needs a key of any role.
         */
        readonly get: operations["openModelConfig"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/versions/{version}/config": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How a version is run
         * @description Needs a key of any role.
         */
        readonly get: operations["openVersionConfig"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/stats": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Counts and times of all versions
         * @description Needs a key of any role.
         */
        readonly get: operations["openStatistics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/stats": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Counts and times of the versions of a model
         * @description Needs a key of any role.
         */
        readonly get: operations["openModelStatistics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/versions/{version}/stats": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Counts and times of a version
         * @description Needs a key of any role.
         */
        readonly get: operations["openVersionStatistics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/repository/index": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Every version of the traffic plans and whether it is loaded
         * @description Needs a key of any role.
         */
        readonly post: operations["openRepository"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/repository/models/{model}/load": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Loads what the registry has put in traffic
         * @description Needs the role `operator`.
         */
        readonly post: operations["openLoad"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/repository/models/{model}/unload": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Gives the memory of a model back; what is in traffic is loaded again when it is asked
         * @description Needs the role `operator`.
         */
        readonly post: operations["openUnload"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/logging": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What serving logs
         * @description Needs a key of any role.
         */
        readonly get: operations["openLogging"];
        readonly put?: never;
        /**
         * Changes what serving logs, until it is started again
         * @description Needs the role `admin`.
         */
        readonly post: operations["openSetLogging"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/models": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Names of the models
         * @description Needs a key of any role.
         */
        readonly get: operations["v1Models"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/models/{model}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether the live version answers
         * @description Needs a key of any role.
         */
        readonly get: operations["v1Model"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/models/{model}:predict": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Instances in, predictions out
         * @description Needs the role `predictor`.
         */
        readonly post: operations["v1Predict"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/models/{model}:explain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Instances in, predictions and exact Shapley values out; logs nothing
         * @description Needs the role `predictor`.
         */
        readonly post: operations["v1Explain"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/models/{model}/versions/{version}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether a version answers
         * @description Needs a key of any role.
         */
        readonly get: operations["v1Version"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/models/{model}/versions/{version}:predict": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Instances in, predictions of one version out
         * @description Needs the role `predictor`.
         */
        readonly post: operations["v1VersionPredict"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/models/{model}/versions/{version}:explain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Instances in, predictions of one version and exact Shapley values out; logs nothing
         * @description Needs the role `predictor`.
         */
        readonly post: operations["v1VersionExplain"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/invocations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * A data frame in, predictions out
         * @description Needs the role `predictor`.
         */
        readonly post: operations["invocations"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/ping": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Whether the default model answers */
        readonly get: operations["ping"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/version": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Which version of MLflow is spoken */
        readonly get: operations["scoringVersion"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/invocations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * A data frame in, predictions of a model out
         * @description Needs the role `predictor`.
         */
        readonly post: operations["modelInvocations"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/versions/{version}/invocations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * A data frame in, predictions of one version out
         * @description Needs the role `predictor`.
         */
        readonly post: operations["versionInvocations"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/ping": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether a model answers
         * @description Needs a key of any role.
         */
        readonly get: operations["modelPing"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The same as ping
         * @description Needs a key of any role.
         */
        readonly get: operations["modelHealth"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/version": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Which version of MLflow is spoken
         * @description Needs a key of any role.
         */
        readonly get: operations["modelScoringVersion"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/infer_stream": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Tensors in, tensors out as events, some rows each (MLServer)
         * @description Needs the role `predictor`.
         */
        readonly post: operations["openInferStream"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/versions/{version}/infer_stream": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Tensors in, tensors of one version out as events
         * @description Needs the role `predictor`.
         */
        readonly post: operations["openInferVersionStream"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/predict/stream": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Rows in, results out as events, some rows each, in order
         * @description Needs the role `predictor`.
         */
        readonly post: operations["predictModelStream"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How the live version is asked, in every form, with requests that can be sent as they stand
         * @description Needs a key of any role.
         */
        readonly get: operations["modelOpenApi"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/docs/dataplane.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How the live version is asked
         * @description Needs a key of any role.
         */
        readonly get: operations["openModelDocs"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/models/{model}/versions/{version}/docs/dataplane.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How a version is asked
         * @description Needs a key of any role.
         */
        readonly get: operations["openVersionDocs"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/retrain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Train a model now
         * @description Needs the role `operator`.
         */
        readonly post: operations["retrain"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/training-runs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Training runs, newest first
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listTrainingRuns"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/training-runs/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * State, progress, search, leaderboard and outcome of a training run
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getTrainingRun"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/training-runs/{id}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The same as server-sent events, until the run ends
         * @description Needs the role `viewer`.
         */
        readonly get: operations["watchTrainingRun"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/training-runs/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Stop a training run
         * @description Needs the role `operator`.
         */
        readonly post: operations["cancelTrainingRun"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/training-schedules/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * When a model is trained by itself
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getSchedule"];
        /**
         * Set when a model is trained by itself (cron, UTC)
         * @description Needs the role `operator`.
         */
        readonly put: operations["putSchedule"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/experiments": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Experiments
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listExperiments"];
        readonly put?: never;
        /**
         * Create an experiment
         * @description Needs the role `operator`.
         */
        readonly post: operations["createExperiment"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/experiments/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One experiment
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getExperiment"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/experiments/{id}/runs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin a run; safe to repeat with an id of your own
         * @description Needs the role `operator`.
         */
        readonly post: operations["createRun"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Runs, newest first
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listRuns"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One run with params, latest metrics, tags and artifacts
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getRun"];
        /**
         * End a run, or let it go on
         * @description Needs the role `operator`.
         */
        readonly put: operations["updateRun"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}/artifact": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The bytes of one artifact of a run
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getRunArtifact"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}/metrics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Log metrics
         * @description Needs the role `operator`.
         */
        readonly post: operations["logMetrics"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}/metrics/{key}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * All values of one metric
         * @description Needs the role `viewer`.
         */
        readonly get: operations["metricHistory"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}/params": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Log params (write once; the same value again is fine)
         * @description Needs the role `operator`.
         */
        readonly post: operations["logParams"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}/tags": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Set tags
         * @description Needs the role `operator`.
         */
        readonly post: operations["setRunTags"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}/artifacts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Log an artifact of a run: multipart with `metadata` (path, content_type) and `file`, or a file that is an artifact already by its digest
         * @description Needs the role `operator`.
         */
        readonly post: operations["logArtifact"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Models, newest first, of which one version fulfils what is asked; by tag and text of their own
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listModels"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One model
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getModel"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/versions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Versions of a model that fulfil what is asked, newest first
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listVersions"];
        readonly put?: never;
        /**
         * Register an ONNX file: multipart with `metadata` (JSON: signature, threshold, evaluation …) and `file` (ONNX), or the metadata alone as JSON when they name a run and its artifact
         * @description Needs the role `operator`.
         */
        readonly post: operations["registerVersion"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/versions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Versions of all models that fulfil what is asked, newest first
         * @description Needs the role `viewer`.
         */
        readonly get: operations["searchVersions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/registry/statistics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How many models and versions there are, of which kinds, what they take and when they came
         * @description Needs the role `viewer`.
         */
        readonly get: operations["registryStatistics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/versions/{version}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One version
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getVersion"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/versions/{version}/lineage": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What a version was made from, what was decided about it and what came of it, as a graph
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getLineage"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/versions/{version}/manifest": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What the registry vouches for of a version, with its signature
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getManifest"];
        readonly put?: never;
        /**
         * Sign the manifest of a version anew with the present key, after its file was held against its digest
         * @description Needs the role `admin`.
         */
        readonly post: operations["renewManifest"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/manifests/keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Public keys that manifests are checked with, as a JSON Web Key Set */
        readonly get: operations["manifestKeys"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/compare": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Two versions: metrics, parameters, signature, feature importance
         * @description Needs the role `viewer`.
         */
        readonly get: operations["compareVersions"];
        readonly put?: never;
        /**
         * What two versions say of the same rows, in traffic or not: rows that are sent, or those that the model was asked last; logs nothing
         * @description Needs the role `predictor`.
         */
        readonly post: operations["comparePredictions"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/versions/{version}/promote": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Move a version to a stage; production makes it live
         * @description Needs the role `operator`.
         */
        readonly post: operations["promoteVersion"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/rollback": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Back to the version that was live before
         * @description Needs the role `operator`.
         */
        readonly post: operations["rollbackModel"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/aliases/{alias}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What an alias points at now, or pointed at a given time
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getAlias"];
        /**
         * Point an alias at a version (`live` moves only by promotion)
         * @description Needs the role `operator`.
         */
        readonly put: operations["putAlias"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/aliases/{alias}/history": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Who moved an alias, when and why
         * @description Needs the role `viewer`.
         */
        readonly get: operations["aliasHistory"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/traffic": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How requests are spread over versions
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getTraffic"];
        /**
         * Change canary, shadows or A/B arms (needs If-Match); `live` moves only by promotion
         * @description Needs the role `operator`.
         */
        readonly put: operations["putTraffic"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/retention": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How long versions of a model are kept
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getRetention"];
        /**
         * Say how long versions of a model are kept; what is live, was live lately or is referred to always stays
         * @description Needs the role `admin`.
         */
        readonly put: operations["putRetention"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/registry/retention": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Remove versions that nobody needs, or tell which would go and why the others stay (`dry_run`, the default)
         * @description Needs the role `admin`.
         */
        readonly post: operations["runRetention"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A model with its versions, runs, files, aliases and history as one signed file (tar)
         * @description Needs the role `operator`.
         */
        readonly get: operations["exportModel"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/import": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Take in an exported model: multipart with `metadata` (JSON: as, key_id) before `file`; all of it or nothing
         * @description Needs the role `admin`.
         */
        readonly post: operations["importModel"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/promotion-policy": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What a version must fulfil to go live
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getPromotionPolicy"];
        /**
         * Set what a version must fulfil to go live: limits, tags, approvals, a trial
         * @description Needs the role `admin`.
         */
        readonly put: operations["putPromotionPolicy"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/versions/{version}/approvals": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Who approved or rejected a version, and how many approvals are needed
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listVersionReviews"];
        readonly put?: never;
        /**
         * Approve or reject a version, with a comment
         * @description Needs the role `approver`.
         */
        readonly post: operations["reviewVersion"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/history": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Who moved versions and aliases, when and why; `?at=` leaves out what came later
         * @description Needs the role `viewer`.
         */
        readonly get: operations["modelHistory"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/live": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What was live at a time, with its traffic plan, aliases and stages then
         * @description Needs the role `viewer`.
         */
        readonly get: operations["modelAsOf"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/datasets": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Datasets, newest first
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listDatasets"];
        readonly put?: never;
        /**
         * Add a version: multipart with `metadata` (JSON: name, target, definition ...) and `file` (CSV or Parquet), or JSON that names a file in an allowed folder. The same content again answers 200 and the version there is
         * @description Needs the role `operator`.
         */
        readonly post: operations["addDataset"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/datasets/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One dataset
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getDataset"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/datasets/{name}/versions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Versions of a dataset, newest first
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listDatasetVersions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/datasets/{name}/versions/{version}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One version: definition, profile, warnings, expectations
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getDatasetVersion"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/datasets/{name}/versions/{version}/definition": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /**
         * Correct what was inferred (`revision` must be the present one); the content stays
         * @description Needs the role `operator`.
         */
        readonly put: operations["putTableDefinition"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/datasets/{name}/diff": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What became of a dataset between two versions
         * @description Needs the role `viewer`.
         */
        readonly get: operations["diffDataset"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/datasets/{name}/expectations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What is expected of every version before a training
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getExpectations"];
        /**
         * Set the expectations (`revision` must be the present one)
         * @description Needs the role `operator`.
         */
        readonly put: operations["putExpectations"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/webhooks/{webhook}/deliveries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What became of the deliveries of a webhook, newest first
         * @description Needs the role `admin`.
         */
        readonly get: operations["listWebhookDeliveries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/mlflow/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The MLflow server that is told what is written here: whether it answers, and what waits
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getMlflowHealth"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/mlflow/reconcile": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Compare both sides, a part at a time, and tell again what is missing or differs there
         * @description Needs the role `operator`.
         */
        readonly post: operations["reconcileMlflow"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/mlflow/refusals": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What that server is not told of, because it refused it or somebody else owns it there, with reasons
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listMlflowRefusals"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/mlflow/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Try again to tell what was refused, one thing or all
         * @description Needs the role `operator`.
         */
        readonly post: operations["retryMlflow"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/labels": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Report true outcomes
         * @description Needs the role `predictor`.
         */
        readonly post: operations["postLabels"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/predictions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Logged predictions, newest first
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listPredictions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/predictions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One logged prediction
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getPrediction"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/predictions/{id}/replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Compute a logged prediction again by the version that answered, wherever it stands now, and compare bit by bit
         * @description Needs the role `viewer`.
         */
        readonly post: operations["replayPrediction"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/assessments": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Health assessments, newest first
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listAssessments"];
        readonly put?: never;
        /**
         * Assess a model's window now
         * @description Needs the role `operator`.
         */
        readonly post: operations["postAssessment"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/assessments/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One health assessment with every number it used
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getAssessment"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/drift-reports": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Drift reports, newest first
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listDriftReports"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/drift-reports/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One drift report
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getDriftReport"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/drift-reports/{id}.html": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The report as one self-contained page
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getDriftReportPage"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/performance": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Measured performance over time
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listPerformance"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/data-quality-reports": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Data quality reports, newest first
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listDataQualityReports"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/alerts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Alerts, newest first
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listAlerts"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/alerts/{id}/acknowledge": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say that somebody looks at it
         * @description Needs the role `operator`.
         */
        readonly post: operations["acknowledgeAlert"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/alerts/{id}/resolve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Close an alert
         * @description Needs the role `operator`.
         */
        readonly post: operations["resolveAlert"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/dead-letters": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Jobs of a service that could not be done, newest first
         * @description Needs the role `operator`.
         */
        readonly get: operations["listDeadLetters"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/dead-letters/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Give one, or all, of them all their tries again
         * @description Needs the role `operator`.
         */
        readonly post: operations["retryDeadLetters"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/incidents": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What was seen and concluded
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listIncidents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/incidents/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One incident with diagnoses, refused and proposed actions
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getIncident"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agent/actions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Proposed and executed actions
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listActions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agent/actions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One action: reasons, decision, result, verification
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getAction"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agent/actions/{id}/approve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Approve a proposal, with a comment
         * @description Needs the role `approver`.
         */
        readonly post: operations["approveAction"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agent/actions/{id}/reject": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Reject a proposal, with a comment
         * @description Needs the role `approver`.
         */
        readonly post: operations["rejectAction"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agent": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether the agent is paused
         * @description Needs the role `viewer`.
         */
        readonly get: operations["getAgent"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agent/pause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Stop proposing and executing
         * @description Needs the role `operator`.
         */
        readonly post: operations["pauseAgent"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agent/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Go on
         * @description Needs the role `admin`.
         */
        readonly post: operations["resumeAgent"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agent/policies": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Policies: risk, thresholds, cool-downs, caps, dry run
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listPolicies"];
        /**
         * Set a policy (`revision` must be the present one)
         * @description Needs the role `admin`.
         */
        readonly put: operations["putPolicy"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/explain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Rows in, exact Shapley values of each prediction out; logs nothing
         * @description Needs the role `predictor`.
         */
        readonly post: operations["explainModel"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/versions/{version}/breaker/reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Closes the circuit breaker of a version, so that it is asked again at once
         * @description Needs the role `operator`.
         */
        readonly post: operations["resetBreaker"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/monitoring/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Health of the served models
         * @description Needs the role `viewer`.
         */
        readonly get: operations["servingHealth"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/monitoring/statistics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Counts, error rates, latencies, breakers
         * @description Needs the role `viewer`.
         */
        readonly get: operations["servingStatistics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/receipts/keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Public keys that receipts are checked with, as a JSON Web Key Set */
        readonly get: operations["receiptKeys"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models/{model}/stats": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Counts and times of a model and of each of its versions
         * @description Needs the role `viewer`.
         */
        readonly get: operations["servedModelStatistics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/batch-predictions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Batch predictions, newest first
         * @description Needs the role `predictor`.
         */
        readonly get: operations["listBatchPredictions"];
        readonly put?: never;
        /**
         * Predict every row of a file: multipart with `metadata` (JSON: model, version, include, format, form) and `file` (CSV or Parquet), or JSON that names a dataset
         * @description Needs the role `predictor`.
         */
        readonly post: operations["createBatchPrediction"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/batch-predictions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * State, progress and failed rows of a batch prediction
         * @description Needs the role `predictor`.
         */
        readonly get: operations["getBatchPrediction"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Remove a batch prediction that is over, with its result; what it logged stays
         * @description Needs the role `predictor`.
         */
        readonly delete: operations["deleteBatchPrediction"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/batch-predictions/{id}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The same as server-sent events, until it ends
         * @description Needs the role `predictor`.
         */
        readonly get: operations["watchBatchPrediction"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/batch-predictions/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Stop a batch prediction; there is no result then
         * @description Needs the role `predictor`.
         */
        readonly post: operations["cancelBatchPrediction"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/batch-predictions/{id}/result": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The result, one row for each row of the file, in its order (CSV or NDJSON)
         * @description Needs the role `predictor`.
         */
        readonly get: operations["getBatchPredictionResult"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/audit": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The hash-chained record of every decision and change
         * @description Needs the role `viewer`.
         */
        readonly get: operations["listAudit"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/audit/verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Check the whole chain
         * @description Needs the role `viewer`.
         */
        readonly get: operations["verifyAudit"];
        readonly put?: never;
        /**
         * Check a copy of (a part of) the chain
         * @description Needs the role `viewer`.
         */
        readonly post: operations["verifyAuditCopy"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Live changes as server-sent events
         * @description Needs the role `viewer`.
         */
        readonly get: operations["events"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/api-keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * API keys (never their secrets)
         * @description Needs the role `admin`.
         */
        readonly get: operations["listApiKeys"];
        readonly put?: never;
        /**
         * Make a key; its secret is shown once
         * @description Needs the role `admin`.
         */
        readonly post: operations["createApiKey"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/api-keys/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke a key, at once
         * @description Needs the role `admin`.
         */
        readonly delete: operations["revokeApiKey"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        readonly ActionType: "retrain_model" | "rollback_model" | "send_alert" | "adjust_threshold" | "collect_diagnostics" | "validate_data" | "generate_report";
        readonly ActionsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            /** @enum {string} */
            readonly state?: "proposed" | "approved" | "executing" | "verifying" | "succeeded" | "failed" | "compensated" | "rejected" | "expired" | "superseded" | "dry-run";
            readonly model?: components["schemas"]["ModelName"];
            readonly incident_id?: components["schemas"]["Id"];
        };
        readonly Actor: {
            readonly id: string;
            readonly name: string;
            readonly roles: readonly string[];
        };
        readonly Actual: number | boolean | string;
        readonly AdjustThreshold: {
            readonly threshold: components["schemas"]["Share"];
            readonly expected_threshold: components["schemas"]["Share"];
            readonly decision_id: components["schemas"]["Id"];
            readonly reason: components["schemas"]["Reason"];
        };
        readonly AgentAction: {
            readonly id: components["schemas"]["Id"];
            readonly incident_id: components["schemas"]["Id"];
            readonly action_type: components["schemas"]["ActionType"];
            /** @enum {string} */
            readonly risk_level: "low" | "medium" | "high";
            readonly requires_approval: boolean;
            /** @enum {string} */
            readonly state: "proposed" | "approved" | "executing" | "verifying" | "succeeded" | "failed" | "compensated" | "rejected" | "expired" | "superseded" | "dry-run";
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"] | null;
            readonly reason: string;
            readonly arguments: {
                readonly [key: string]: unknown;
            };
            readonly arguments_hash: string;
            readonly evidence_hash: string;
            readonly conditions: readonly components["schemas"]["Condition"][];
            readonly proposed_by: string;
            readonly reviewed_by: string | null;
            readonly comment: string | null;
            readonly expires_at: components["schemas"]["Timestamp"] | null;
            readonly executed_at: components["schemas"]["Timestamp"] | null;
            readonly execution_result: unknown;
            readonly verification: unknown;
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly AgentActionPage: {
            readonly items: readonly components["schemas"]["AgentAction"][];
            readonly next_cursor: string | null;
        };
        readonly AgentPolicy: {
            readonly name: components["schemas"]["ModelName"];
            readonly dry_run: boolean;
            readonly risk: {
                readonly [key: string]: "low" | "medium" | "high";
            };
            readonly approval_hours: number;
            readonly cool_down_minutes: number;
            readonly attempts_max: number;
            readonly attempts_window_hours: number;
            readonly deployment_suspect_hours: number;
            readonly revision: number;
        };
        readonly AgentPolicyPage: {
            readonly items: readonly components["schemas"]["AgentPolicy"][];
            readonly next_cursor: string | null;
        };
        readonly AgentState: {
            readonly paused: boolean;
            readonly changed_by: string | null;
            readonly changed_at: components["schemas"]["Timestamp"] | null;
        };
        readonly Alert: {
            readonly id: components["schemas"]["Id"];
            readonly alert_type: string;
            /** @enum {string} */
            readonly severity: "info" | "warning" | "critical";
            readonly model_name: components["schemas"]["ModelName"] | null;
            readonly title: string;
            readonly message: string;
            /** @enum {string} */
            readonly status: "active" | "acknowledged" | "resolved";
            readonly occurrences: number;
            readonly acknowledged_by: string | null;
            readonly resolved_by: string | null;
            readonly resolved_at: components["schemas"]["Timestamp"] | null;
            readonly resolution_notes: string | null;
            readonly created_at: components["schemas"]["Timestamp"];
            readonly last_seen_at: components["schemas"]["Timestamp"];
        };
        readonly AlertNotes: {
            readonly notes: components["schemas"]["Comment"];
        };
        readonly AlertPage: {
            readonly items: readonly components["schemas"]["Alert"][];
            readonly next_cursor: string | null;
        };
        readonly AlertsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            /** @enum {string} */
            readonly status?: "active" | "acknowledged" | "resolved";
            readonly model?: components["schemas"]["ModelName"];
        };
        readonly Algorithm: string;
        readonly Alias: {
            readonly alias: components["schemas"]["AliasName"];
            readonly model_name: components["schemas"]["RegisteredModelName"];
            readonly version: components["schemas"]["VersionNumber"];
            readonly moved_by: string;
            readonly moved_at: components["schemas"]["Timestamp"];
        };
        readonly AliasHistory: {
            readonly items: readonly {
                readonly from_version: components["schemas"]["VersionNumber"] | null;
                readonly to_version: components["schemas"]["VersionNumber"] | null;
                readonly actor: string;
                readonly reason: string;
                readonly decision_id: string | null;
                readonly at: components["schemas"]["Timestamp"];
            }[];
            readonly next_cursor: string | null;
        };
        readonly AliasName: string;
        readonly AliasQuery: {
            readonly at?: components["schemas"]["Timestamp"];
        };
        readonly AnomalyVerdict: {
            readonly prediction_id: components["schemas"]["Id"];
            readonly is_anomaly: boolean;
            readonly score: components["schemas"]["Share"];
            readonly threshold: components["schemas"]["Share"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            readonly latency_ms: number;
            readonly warnings: readonly {
                readonly field: string;
                /** @enum {string} */
                readonly code: "outside-training-range" | "missing" | "unseen-category" | "failover";
                readonly message: string;
            }[];
            readonly receipt?: components["schemas"]["SignedReceipt"];
        };
        /** @enum {string} */
        readonly AnswerRoute: "named" | "live" | "canary" | "arm" | "failover";
        readonly ApiKey: {
            readonly id: components["schemas"]["Id"];
            readonly name: string;
            readonly prefix: string;
            readonly roles: readonly components["schemas"]["Role"][];
            readonly owner: string | null;
            readonly created_by: string;
            readonly created_at: components["schemas"]["Timestamp"];
            readonly expires_at: components["schemas"]["Timestamp"] | null;
            readonly last_used_at: components["schemas"]["Timestamp"] | null;
            readonly revoked_at: components["schemas"]["Timestamp"] | null;
        };
        readonly ApiKeyPage: {
            readonly items: readonly components["schemas"]["ApiKey"][];
            readonly next_cursor: string | null;
        };
        readonly ApiKeysQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
        };
        readonly ArtifactPath: string;
        readonly AsOfQuery: {
            readonly at?: components["schemas"]["Timestamp"];
        };
        readonly AssessmentAccepted: {
            readonly assessment_id: components["schemas"]["Id"];
            readonly status_url: string;
        };
        readonly AssessmentsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly model?: components["schemas"]["ModelName"];
            readonly verdict?: string;
        };
        readonly AuditEntry: {
            readonly seq: number;
            readonly event_id: string;
            readonly at: components["schemas"]["Timestamp"];
            readonly service: string;
            readonly actor: string;
            readonly action: string;
            readonly subject: string;
            readonly payload: unknown;
            readonly prev_hash: string;
            readonly hash: string;
        };
        readonly AuditPage: {
            readonly items: readonly components["schemas"]["AuditEntry"][];
            readonly next_cursor: string | null;
        };
        readonly AuditQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly action?: string;
            readonly subject?: string;
            readonly actor?: string;
        };
        readonly AuditVerification: {
            readonly valid: boolean;
            readonly entries: number;
            readonly first_broken_seq: number | null;
            readonly head_hash: string | null;
            readonly checked_at: components["schemas"]["Timestamp"];
        };
        readonly BatchPrediction: {
            readonly id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"] | null;
            readonly dataset: string | null;
            readonly file_name: string;
            readonly include: readonly string[];
            /** @enum {string} */
            readonly format: "csv" | "ndjson";
            readonly state: components["schemas"]["BatchPredictionState"];
            readonly progress: number;
            readonly rows_total: number | null;
            readonly rows_done: number;
            readonly rows_failed: number;
            readonly failures: readonly components["schemas"]["RowFailures"][];
            readonly waiting_for: string | null;
            readonly error: {
                readonly code: string;
                readonly message: string;
            } | null;
            readonly requested_by: string;
            readonly attempt: number;
            readonly created_at: components["schemas"]["Timestamp"];
            readonly started_at: components["schemas"]["Timestamp"] | null;
            readonly ended_at: components["schemas"]["Timestamp"] | null;
            readonly expires_at: components["schemas"]["Timestamp"] | null;
        };
        readonly BatchPredictionAccepted: {
            readonly batch_prediction_id: components["schemas"]["Id"];
            readonly status_url: string;
        };
        readonly BatchPredictionPage: {
            readonly items: readonly components["schemas"]["BatchPrediction"][];
            readonly next_cursor: string | null;
        };
        /** @enum {string} */
        readonly BatchPredictionState: "queued" | "running" | "succeeded" | "failed" | "cancelled";
        readonly BatchPredictionsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly model?: components["schemas"]["ModelName"];
            readonly state?: components["schemas"]["BatchPredictionState"];
        };
        readonly BreakerReset: {
            readonly model_name: components["schemas"]["ModelName"];
            readonly version: components["schemas"]["VersionNumber"];
            /** @enum {string} */
            readonly from: "closed" | "open" | "half-open";
            /** @constant */
            readonly to: "closed";
        };
        readonly Candidate: {
            readonly algorithm: string;
            readonly rank: number | null;
            readonly hyperparameters: {
                readonly [key: string]: unknown;
            };
            readonly primary?: {
                readonly name: string;
                /** @enum {string} */
                readonly better: "higher" | "lower";
                readonly mean: number;
                readonly deviation: number | null;
            };
            readonly f1_mean: number | null;
            readonly f1_deviation: number | null;
            readonly roc_auc_mean: number | null;
            readonly log_loss_mean: number | null;
            readonly brier_mean: number | null;
            readonly threshold: number | null;
            readonly holdout: components["schemas"]["Metrics"] | null;
            readonly fit_ms: number;
        };
        readonly CodingQuery: {
            readonly coding?: string;
        };
        readonly ColumnDefinition: {
            readonly name: string;
            /** @enum {string} */
            readonly type: "number" | "category";
            readonly description: string;
            readonly unit?: string;
            readonly allowed?: readonly number[];
            readonly range?: readonly [
                number | null,
                number | null
            ];
            /** @enum {string} */
            readonly missing: "allowed" | "refused";
            /** @default 1 */
            readonly missing_share_max: number;
        };
        readonly ColumnDifference: {
            readonly name: string;
            readonly missing_share: {
                readonly from: number | null;
                readonly to: number | null;
            };
            readonly mean: {
                readonly from: number | null;
                readonly to: number | null;
            };
            readonly sd: {
                readonly from: number | null;
                readonly to: number | null;
            };
            readonly min: {
                readonly from: number | null;
                readonly to: number | null;
            };
            readonly max: {
                readonly from: number | null;
                readonly to: number | null;
            };
            readonly distinct: {
                readonly from: number | null;
                readonly to: number | null;
            };
            readonly mean_shift: number | null;
            readonly values_added: readonly string[];
            readonly values_removed: readonly string[];
            readonly is_changed: boolean;
        };
        readonly ColumnProfile: {
            readonly name: string;
            /** @enum {string} */
            readonly kind: "number" | "boolean" | "category" | "text" | "date" | "id" | "empty";
            readonly missing: number;
            readonly infinite: number;
            readonly distinct: number;
            readonly distinct_is_exact: boolean;
            readonly number: {
                readonly count: number;
                readonly min: number;
                readonly max: number;
                readonly mean: number;
                readonly sd: number;
                readonly quantiles: {
                    readonly [key: string]: number;
                };
            } | null;
            readonly text: {
                readonly count: number;
                readonly length_mean: number;
                readonly length_max: number;
            } | null;
            readonly top: readonly components["schemas"]["ValueCount"][];
        };
        readonly Comment: string;
        readonly ComparePredictions: {
            readonly versions: readonly [
                components["schemas"]["VersionNumber"],
                components["schemas"]["VersionNumber"]
            ];
            readonly rows?: readonly components["schemas"]["Features"][];
        };
        readonly CompareQuery: {
            readonly versions: string;
        };
        readonly Comparison: {
            readonly model_name: components["schemas"]["RegisteredModelName"];
            readonly versions: readonly [
                components["schemas"]["VersionNumber"],
                components["schemas"]["VersionNumber"]
            ];
            readonly metrics: {
                readonly [key: string]: {
                    readonly v1: number | null;
                    readonly v2: number | null;
                    readonly diff: number | null;
                    readonly pct_change: number | null;
                };
            };
            readonly parameters: {
                readonly [key: string]: {
                    readonly v1: unknown;
                    readonly v2: unknown;
                    readonly same: boolean;
                };
            };
            readonly signature: {
                readonly same: boolean;
                readonly differences: readonly {
                    readonly path: string;
                    readonly v1: unknown;
                    readonly v2: unknown;
                }[];
            };
            readonly feature_importance: {
                readonly [key: string]: {
                    readonly v1: number | null;
                    readonly v2: number | null;
                    readonly diff: number | null;
                };
            } | null;
        };
        readonly Condition: {
            readonly code: string;
            readonly holds: boolean;
            readonly measured: unknown;
            readonly limit: unknown;
            readonly message: string;
        };
        readonly CreateApiKey: {
            readonly name: string;
            readonly roles: readonly components["schemas"]["Role"][];
            readonly owner?: string;
            readonly expires_at?: components["schemas"]["Timestamp"];
        };
        readonly CreateBatchPrediction: {
            readonly model: components["schemas"]["ModelName"];
            readonly version?: components["schemas"]["VersionNumber"];
            /** @default [] */
            readonly include: readonly string[];
            /**
             * @default csv
             * @enum {string}
             */
            readonly format: "csv" | "ndjson";
            readonly dataset: string;
        };
        readonly CreateExperiment: {
            readonly name: string;
            /** @default {} */
            readonly tags: {
                readonly [key: string]: string;
            };
        };
        readonly CreateRun: {
            readonly id?: components["schemas"]["Id"];
            readonly name: string;
            readonly parent_run_id?: components["schemas"]["Id"];
            /** @default {} */
            readonly params: {
                readonly [key: string]: string;
            };
            /** @default {} */
            readonly tags: {
                readonly [key: string]: string;
            };
            readonly dataset_digest?: string;
            readonly started_at?: components["schemas"]["Timestamp"];
        };
        readonly CreatedApiKey: {
            readonly key: components["schemas"]["ApiKey"];
            readonly secret: string;
        };
        /** @enum {string} */
        readonly DataOrigin: "uci" | "folder" | "synthetic" | "upload";
        readonly DataQualityReport: {
            readonly id: components["schemas"]["Id"];
            readonly assessment_id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            /** @enum {string} */
            readonly verdict: "ok" | "warning" | "fault";
            readonly findings: unknown;
            readonly rows: number;
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly DataQualityReportPage: {
            readonly items: readonly components["schemas"]["DataQualityReport"][];
            readonly next_cursor: string | null;
        };
        readonly DataValidation: {
            readonly assessment_id: components["schemas"]["Id"];
            /** @enum {string} */
            readonly verdict: "ok" | "warning" | "fault";
            readonly findings: readonly {
                readonly code: string;
                readonly feature: string | null;
                readonly severity: string;
                readonly message: string;
            }[];
            readonly rows: number;
            readonly at: components["schemas"]["Timestamp"];
        };
        readonly Dataset: {
            readonly name: components["schemas"]["ModelName"];
            readonly description: string;
            readonly latest_version: components["schemas"]["VersionNumber"];
            readonly latest: components["schemas"]["DatasetVersionSummary"];
            readonly created_by: string;
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly DatasetDefinition: {
            readonly name: components["schemas"]["ModelName"];
            readonly title: string;
            readonly origin: string;
            readonly licence: string;
            readonly citation: string;
            readonly missing_token: string;
            readonly columns: readonly components["schemas"]["ColumnDefinition"][];
            readonly target: {
                readonly column: string;
                readonly positive_above: number;
                readonly description: string;
            };
            readonly codings: {
                readonly [key: string]: {
                    readonly [key: string]: {
                        readonly [key: string]: number;
                    };
                };
            };
            readonly parts: readonly components["schemas"]["DatasetPart"][];
            readonly rows_min: number;
            readonly duplicate_share_max: number;
        };
        readonly DatasetDiff: {
            readonly dataset: components["schemas"]["ModelName"];
            readonly from: components["schemas"]["VersionNumber"];
            readonly to: components["schemas"]["VersionNumber"];
            readonly content_is_same: boolean;
            readonly rows: {
                readonly from: number;
                readonly to: number;
            };
            readonly columns_added: readonly string[];
            readonly columns_removed: readonly string[];
            readonly columns_retyped: readonly {
                readonly name: string;
                readonly from: string;
                readonly to: string;
            }[];
            readonly target_changed: boolean;
            readonly columns: readonly components["schemas"]["ColumnDifference"][];
        };
        readonly DatasetDiffQuery: {
            readonly from: number;
            readonly to: number;
        };
        readonly DatasetPage: {
            readonly items: readonly components["schemas"]["Dataset"][];
            readonly next_cursor: string | null;
        };
        readonly DatasetPart: {
            readonly name: components["schemas"]["ModelName"];
            readonly title: string;
            readonly file: string;
            readonly file_sha256: components["schemas"]["Sha256"];
            /** Format: uri */
            readonly url: string;
            readonly body_sha256: components["schemas"]["Sha256"];
            readonly rows: number;
        };
        readonly DatasetProfile: {
            readonly rows: number;
            readonly columns: readonly components["schemas"]["ColumnProfile"][];
        };
        readonly DatasetVersion: {
            readonly dataset: components["schemas"]["ModelName"];
            readonly version: components["schemas"]["VersionNumber"];
            readonly digest: components["schemas"]["Sha256"];
            readonly bytes: number;
            readonly file_name: string;
            readonly rows: number;
            readonly task: components["schemas"]["TableTask"];
            readonly data_origin: components["schemas"]["DataOrigin"];
            readonly form: components["schemas"]["TableForm"];
            readonly definition_revision: number;
            readonly definition: components["schemas"]["TableDefinition"];
            readonly profile: components["schemas"]["DatasetProfile"];
            readonly warnings: readonly components["schemas"]["DatasetWarning"][];
            readonly expectations: components["schemas"]["ExpectationSuite"];
            readonly created_by: string;
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly DatasetVersionPage: {
            readonly items: readonly components["schemas"]["DatasetVersionSummary"][];
            readonly next_cursor: string | null;
        };
        readonly DatasetVersionSummary: {
            readonly dataset: components["schemas"]["ModelName"];
            readonly version: components["schemas"]["VersionNumber"];
            readonly digest: components["schemas"]["Sha256"];
            readonly bytes: number;
            readonly file_name: string;
            readonly rows: number;
            readonly columns: number;
            readonly task: components["schemas"]["TableTask"];
            readonly data_origin: components["schemas"]["DataOrigin"];
            readonly definition_revision: number;
            readonly warnings: number;
            readonly created_by: string;
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly DatasetWarning: {
            readonly code: string;
            readonly column: string | null;
            readonly message: string;
        };
        readonly DeadLetters: {
            readonly items: readonly {
                readonly job_id: string;
                readonly name: string;
                readonly reason: string;
                readonly attempts: number;
                readonly failed_at: components["schemas"]["Timestamp"] | null;
            }[];
        };
        readonly DeadLettersQuery: {
            /** @enum {string} */
            readonly service: "agent" | "gateway" | "monitoring" | "registry" | "training";
        };
        readonly DeadLettersRetried: {
            readonly retried: number;
        };
        readonly Decide: {
            readonly comment: components["schemas"]["Comment"];
        };
        readonly DeclaredForm: {
            /** @enum {string} */
            readonly delimiter?: "," | ";" | "\t" | "|";
            /** @enum {string} */
            readonly decimal?: "." | ",";
            /** @enum {string} */
            readonly encoding?: "utf-8" | "latin1";
            /** @enum {string} */
            readonly header?: "present" | "absent";
        };
        readonly Diagnosis: {
            /** @enum {string} */
            readonly diagnosis: "data-drift" | "performance-degradation" | "prediction-anomalies" | "low-confidence" | "data-quality";
            readonly present: boolean;
            /** @enum {string} */
            readonly severity: "none" | "low" | "medium" | "high";
            readonly conditions: readonly components["schemas"]["Condition"][];
        };
        readonly DriftReport: {
            readonly id: components["schemas"]["Id"];
            readonly assessment_id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            readonly drift_detected: boolean;
            readonly drift_score: number;
            readonly drifted_features: readonly string[];
            readonly rows: number;
            readonly details: unknown;
            readonly report_url: string;
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly DriftReportPage: {
            readonly items: readonly components["schemas"]["DriftReport"][];
            readonly next_cursor: string | null;
        };
        readonly Empty: Record<string, never>;
        readonly Evaluation: {
            readonly holdout: components["schemas"]["Metrics"] | null;
            readonly scores?: components["schemas"]["TaskScores"];
            readonly scores_versus_live?: readonly components["schemas"]["ScoreVersusLive"][];
            readonly cross_validation: {
                readonly folds: number;
                readonly f1_mean: number;
                readonly f1_deviation: number;
                readonly roc_auc_mean: number | null;
            } | null;
            readonly versus_live: readonly components["schemas"]["VersusLive"][];
        };
        readonly ExpectationResult: {
            readonly expectation: string;
            readonly column: string | null;
            readonly passed: boolean;
            readonly measured: unknown;
            readonly expected: unknown;
        };
        readonly ExpectationSuite: {
            readonly revision: number;
            readonly rows_min: number;
            readonly duplicate_share_max: components["schemas"]["Share"];
            readonly columns: readonly {
                readonly name: string;
                readonly range?: readonly [
                    number | null,
                    number | null
                ];
                readonly allowed?: readonly number[];
                readonly categories?: readonly string[];
                /** @default 1 */
                readonly missing_share_max: components["schemas"]["Share"];
            }[];
        };
        readonly Experiment: {
            readonly id: components["schemas"]["Id"];
            readonly name: string;
            readonly tags: {
                readonly [key: string]: string;
            };
            /** @enum {string} */
            readonly lifecycle: "active" | "deleted";
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly ExperimentPage: {
            readonly items: readonly components["schemas"]["Experiment"][];
            readonly next_cursor: string | null;
        };
        readonly ExperimentsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly name?: string;
        };
        readonly ExplainRows: {
            readonly rows: readonly components["schemas"]["Features"][];
            readonly version?: components["schemas"]["VersionNumber"];
            readonly top?: number;
            readonly class?: string;
        };
        /** @enum {string} */
        readonly ExplainedOutput: "log-odds" | "margin" | "probability" | "value" | "path-length";
        readonly Explanations: {
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            readonly output: components["schemas"]["ExplainedOutput"];
            readonly calibration_included: boolean;
            readonly results: readonly components["schemas"]["RowExplanation"][];
        };
        readonly FeatureValue: number | string | boolean | null;
        readonly Features: {
            readonly [key: string]: components["schemas"]["FeatureValue"];
        };
        readonly GateVerdict: {
            readonly admitted: boolean;
            readonly refusals: readonly {
                readonly code: string;
                readonly message: string;
            }[];
            readonly conditions: readonly {
                readonly code: string;
                readonly holds: boolean;
                readonly measured: number | null;
                readonly limit: number | null;
            }[];
        };
        readonly GatewayHealth: {
            /** @enum {string} */
            readonly status: "healthy" | "degraded" | "unhealthy";
            readonly version: string;
            readonly services: {
                readonly [key: string]: {
                    readonly status: string;
                    readonly latency_ms: number | null;
                };
            };
            readonly storage: {
                readonly postgres: string;
                readonly queue: string;
                readonly artifacts: string;
                readonly mlflow: string;
            };
        };
        readonly GenerateReport: {
            readonly assessment_id: components["schemas"]["Id"];
            readonly decision_id: components["schemas"]["Id"];
        };
        readonly GeneratedReport: {
            readonly report_url: string;
            readonly drift_report_id: components["schemas"]["Id"];
        };
        readonly HealthAssessment: {
            readonly id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"] | null;
            /** @enum {string} */
            readonly state: "pending" | "done" | "failed";
            readonly from: components["schemas"]["Timestamp"];
            readonly until: components["schemas"]["Timestamp"];
            readonly rows: number;
            readonly labelled_rows: number;
            readonly verdict: ("healthy" | "drift" | "degraded" | "data-fault" | "insufficient") | null;
            readonly data_quality: ("ok" | "warning" | "fault") | null;
            readonly drift_detected: boolean | null;
            readonly performance: ("holds" | "degraded" | "insufficient") | null;
            readonly summary: string;
            readonly drift_report_id: components["schemas"]["Id"] | null;
            readonly data_quality_report_id: components["schemas"]["Id"] | null;
            readonly details: unknown;
            readonly error: string | null;
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly HealthAssessmentPage: {
            readonly items: readonly components["schemas"]["HealthAssessment"][];
            readonly next_cursor: string | null;
        };
        /** Format: uuid */
        readonly Id: string;
        readonly ImportDataset: {
            readonly name: components["schemas"]["ModelName"];
            /** @default  */
            readonly description: string;
            readonly target?: string;
            readonly definition?: components["schemas"]["TableDefinition"];
            readonly form?: components["schemas"]["DeclaredForm"];
            readonly path: string;
        };
        readonly ImportModel: {
            readonly as?: components["schemas"]["ModelName"];
            readonly key_id?: string;
        };
        readonly ImportedModel: {
            readonly model_name: components["schemas"]["RegisteredModelName"];
            readonly versions: number;
            readonly runs: number;
            readonly files: number;
            readonly key_id: string;
        };
        readonly Incident: {
            readonly id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"] | null;
            readonly assessment_id: components["schemas"]["Id"];
            /** @enum {string} */
            readonly state: "open" | "resolved" | "no-action";
            readonly conclusion: string;
            readonly diagnoses: readonly components["schemas"]["Diagnosis"][];
            readonly refused: readonly {
                readonly action_type: components["schemas"]["ActionType"];
                readonly code: string;
                readonly reason: string;
                readonly conditions: readonly components["schemas"]["Condition"][];
            }[];
            readonly actions: readonly components["schemas"]["AgentAction"][];
            readonly created_at: components["schemas"]["Timestamp"];
            readonly resolved_at: components["schemas"]["Timestamp"] | null;
        };
        readonly IncidentPage: {
            readonly items: readonly components["schemas"]["Incident"][];
            readonly next_cursor: string | null;
        };
        readonly IncidentsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly model?: components["schemas"]["ModelName"];
            readonly assessment_id?: components["schemas"]["Id"];
        };
        readonly Intent: {
            readonly prediction_id: components["schemas"]["Id"];
            readonly intent: string | null;
            readonly confidence: components["schemas"]["Share"];
            readonly alternatives: readonly {
                readonly intent: string;
                readonly confidence: components["schemas"]["Share"];
            }[];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            readonly latency_ms: number;
            readonly warnings?: readonly {
                readonly field: string;
                /** @enum {string} */
                readonly code: "outside-training-range" | "missing" | "unseen-category" | "failover";
                readonly message: string;
            }[];
            readonly receipt?: components["schemas"]["SignedReceipt"];
        };
        readonly IntentQuery: {
            readonly query: string;
        };
        readonly Interval: {
            readonly estimate: number;
            readonly low: number;
            readonly high: number;
            readonly level: components["schemas"]["Share"];
        };
        readonly LabelsAccepted: {
            readonly accepted: number;
            readonly unknown: number;
            readonly duplicate: number;
            readonly conflict: number;
        };
        readonly Lineage: {
            readonly model_name: components["schemas"]["RegisteredModelName"];
            readonly version: components["schemas"]["VersionNumber"];
            readonly dataset_digest: components["schemas"]["Sha256"] | null;
            readonly data_origin: components["schemas"]["DataOrigin"] | null;
            readonly training_run_id: components["schemas"]["Id"] | null;
            readonly run_id: components["schemas"]["Id"] | null;
            readonly code_version: string;
            readonly parents: readonly components["schemas"]["VersionNumber"][];
            readonly children: readonly components["schemas"]["VersionNumber"][];
            readonly decisions: readonly {
                readonly decision_id: string;
                readonly kind: string;
                readonly actor: string;
                readonly reason: string;
                readonly at: components["schemas"]["Timestamp"];
            }[];
            readonly nodes: readonly components["schemas"]["LineageNode"][];
            readonly edges: readonly components["schemas"]["LineageEdge"][];
            readonly cut: readonly components["schemas"]["LineageKind"][];
        };
        readonly LineageEdge: {
            readonly from: string;
            readonly to: string;
            /** @enum {string} */
            readonly relation: "read-by" | "recorded-as" | "logged" | "registered-as" | "trained-into" | "deployed-as" | "answered" | "judged-in" | "found" | "led-to" | "asked-for";
        };
        /** @enum {string} */
        readonly LineageKind: "dataset" | "training-run" | "run" | "logged-model" | "version" | "deployment" | "predictions" | "assessment" | "drift-report" | "agent-action";
        readonly LineageNode: {
            readonly id: string;
            readonly kind: components["schemas"]["LineageKind"];
            readonly label: string;
            readonly at: components["schemas"]["Timestamp"] | null;
            readonly until: components["schemas"]["Timestamp"] | null;
            readonly facts: {
                readonly [key: string]: string | number | boolean | null;
            };
        };
        readonly LineageQuery: {
            /**
             * @default both
             * @enum {string}
             */
            readonly direction: "origins" | "effects" | "both";
            /** @default 50 */
            readonly limit: number;
        };
        readonly LogArtifact: {
            readonly path: components["schemas"]["ArtifactPath"];
            readonly digest: string;
            readonly bytes: number;
            readonly content_type: string;
        };
        readonly LogMetrics: {
            readonly metrics: readonly {
                readonly key: string;
                readonly value: components["schemas"]["LoggedValue"];
                /** @default 0 */
                readonly step: number;
                readonly at?: components["schemas"]["Timestamp"];
            }[];
        };
        readonly LogParams: {
            readonly params: {
                readonly [key: string]: string;
            };
        };
        readonly LoggedPrediction: {
            readonly id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            readonly features: components["schemas"]["Features"];
            readonly prediction: number;
            readonly probability: number | null;
            readonly threshold: number;
            readonly latency_ms: number;
            readonly warnings: readonly components["schemas"]["PredictionWarning"][];
            readonly actual: number | null;
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly LoggedPredictionPage: {
            readonly items: readonly components["schemas"]["LoggedPrediction"][];
            readonly next_cursor: string | null;
        };
        readonly LoggedValue: number | ("NaN" | "Infinity" | "-Infinity");
        readonly Manifest: {
            /** @constant */
            readonly v: 1;
            readonly version_id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["RegisteredModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            readonly artifact_sha256: components["schemas"]["Sha256"];
            readonly signature_sha256: components["schemas"]["Sha256"];
            readonly threshold: components["schemas"]["Share"];
            readonly metrics: {
                readonly [key: string]: number | null;
            };
            readonly lineage: {
                readonly dataset_sha256: string | null;
                readonly training_run_id: components["schemas"]["Id"] | null;
                readonly run_id: components["schemas"]["Id"] | null;
                readonly logged_model_id: string | null;
                readonly parent_version: components["schemas"]["VersionNumber"] | null;
                readonly decision_id: components["schemas"]["Id"] | null;
                readonly reference_profile_sha256: components["schemas"]["Sha256"] | null;
                readonly code_version: string;
            };
            readonly registered_by: string;
            readonly registered_at: components["schemas"]["Timestamp"];
            readonly signed_at: components["schemas"]["Timestamp"];
        };
        readonly MetricHistory: {
            readonly items: readonly {
                readonly value: number | "NaN";
                readonly step: number;
                readonly at: components["schemas"]["Timestamp"];
            }[];
            readonly next_cursor: string | null;
        };
        readonly Metrics: {
            readonly rows: number;
            readonly positives: number;
            readonly threshold: components["schemas"]["Share"];
            readonly accuracy: components["schemas"]["Share"];
            readonly f1_score: components["schemas"]["Share"];
            readonly precision: components["schemas"]["Share"];
            readonly recall: components["schemas"]["Share"];
            readonly roc_auc: components["schemas"]["Share"] | null;
            readonly log_loss: number;
            readonly brier: components["schemas"]["Share"];
            readonly calibration_error: components["schemas"]["Share"];
            readonly confusion: {
                readonly true_positives: number;
                readonly false_positives: number;
                readonly true_negatives: number;
                readonly false_negatives: number;
            };
        };
        readonly MlflowError: {
            readonly error_code: string;
            readonly message: string;
        };
        readonly MlflowHealth: {
            /** @enum {string} */
            readonly status: "off" | "healthy" | "degraded" | "unreachable";
            readonly reachable: boolean | null;
            readonly version: string | null;
            readonly latency_ms: number | null;
            readonly breaker: ("closed" | "half-open" | "open") | null;
            readonly backlog: {
                readonly entities: number;
                readonly age_seconds: number;
                readonly waiting: number;
                readonly conflicts: number;
                readonly failed: number;
            } | null;
            readonly last_error: {
                readonly at: components["schemas"]["Timestamp"];
                readonly message: string;
                readonly status: number | null;
                readonly error_code: string | null;
            } | null;
        };
        readonly MlflowInvocation: {
            readonly dataframe_split?: {
                readonly columns?: readonly string[];
                readonly index?: readonly unknown[];
                readonly data: readonly (readonly unknown[])[];
            };
            readonly dataframe_records?: readonly unknown[];
            readonly instances?: readonly unknown[];
            readonly inputs?: {
                readonly [key: string]: unknown;
            } | readonly unknown[];
            readonly params?: {
                /**
                 * @default predict
                 * @enum {string}
                 */
                readonly predict_method: "predict" | "predict_proba";
            };
        };
        readonly MlflowPredictions: {
            readonly predictions: readonly unknown[];
            readonly prediction_id: string;
        };
        readonly MlflowRefusals: {
            readonly items: readonly {
                /** @enum {string} */
                readonly kind: "experiment" | "run" | "logged-model" | "model" | "model-version" | "aliases";
                readonly id: string;
                readonly name: string;
                /** @enum {string} */
                readonly state: "failed" | "conflict";
                readonly reason: string;
                readonly changed_at: components["schemas"]["Timestamp"];
            }[];
            readonly next_cursor: string | null;
        };
        readonly MlflowRetried: {
            readonly retried: number;
        };
        readonly Model: {
            readonly name: components["schemas"]["RegisteredModelName"];
            readonly description: string;
            readonly live_version: components["schemas"]["VersionNumber"] | null;
            readonly latest_version: components["schemas"]["VersionNumber"] | null;
            readonly versions: number;
            readonly aliases: {
                readonly [key: string]: components["schemas"]["VersionNumber"];
            };
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly ModelArchive: {
            /** @constant */
            readonly format: "gimbal-model";
            /** @constant */
            readonly v: 1;
            readonly exported_at: components["schemas"]["Timestamp"];
            readonly exported_by: string;
            readonly model: {
                readonly name: components["schemas"]["RegisteredModelName"];
                readonly description: string;
                readonly tags: {
                    readonly [key: string]: string;
                };
                readonly last_version: number;
                readonly created_by: string;
                readonly created_at: components["schemas"]["Timestamp"];
            };
            readonly versions: readonly {
                readonly version: components["schemas"]["VersionNumber"];
                readonly stage: components["schemas"]["Stage"];
                readonly algorithm: string;
                readonly framework: string;
                readonly accuracy: number | null;
                readonly f1_score: number | null;
                readonly precision: number | null;
                readonly recall: number | null;
                readonly roc_auc: number | null;
                readonly evaluation: unknown;
                readonly hyperparameters: {
                    readonly [key: string]: unknown;
                };
                readonly feature_names: readonly string[];
                readonly signature: unknown;
                readonly threshold: number | null;
                readonly artifact_digest: components["schemas"]["Sha256"] | null;
                readonly artifact_bytes: number | null;
                readonly unserved_reason: string | null;
                readonly source: string | null;
                readonly files?: {
                    /** @enum {string} */
                    readonly kind: "run" | "logged-model";
                    readonly id: string;
                    readonly folder: string;
                } | null;
                /** @default null */
                readonly logged_model_id: string | null;
                readonly tags: {
                    readonly [key: string]: string;
                };
                readonly reference_profile_digest: components["schemas"]["Sha256"] | null;
                readonly parity: unknown;
                readonly run_id: string | null;
                readonly parent_version: components["schemas"]["VersionNumber"] | null;
                readonly dataset_digest: components["schemas"]["Sha256"] | null;
                readonly data_origin: string | null;
                readonly code_version: string;
                readonly description: string;
                readonly created_by: string;
                readonly created_at: components["schemas"]["Timestamp"];
                readonly manifest: components["schemas"]["SignedReceipt"] | null;
            }[];
            readonly aliases: readonly {
                readonly alias: string;
                readonly version: components["schemas"]["VersionNumber"];
            }[];
            readonly alias_history: readonly {
                readonly alias: string;
                readonly version: components["schemas"]["VersionNumber"] | null;
                readonly previous_version: components["schemas"]["VersionNumber"] | null;
                readonly changed_by: string;
                readonly reason: string;
                readonly changed_at: components["schemas"]["Timestamp"];
            }[];
            readonly stage_history: readonly {
                readonly version: components["schemas"]["VersionNumber"];
                readonly from_stage: components["schemas"]["Stage"] | null;
                readonly to_stage: components["schemas"]["Stage"];
                readonly changed_by: string;
                readonly reason: string;
                readonly changed_at: components["schemas"]["Timestamp"];
            }[];
            readonly runs: readonly {
                /** Format: uuid */
                readonly id: string;
                readonly experiment: string;
                readonly name: string;
                /** @enum {string} */
                readonly state: "scheduled" | "running" | "finished" | "failed" | "killed";
                readonly dataset_digest: string | null;
                readonly user_name: string;
                readonly created_by: string;
                readonly started_at: components["schemas"]["Timestamp"];
                readonly ended_at: components["schemas"]["Timestamp"] | null;
                readonly params: {
                    readonly [key: string]: string;
                };
                readonly tags: {
                    readonly [key: string]: string;
                };
                readonly metrics: readonly {
                    readonly key: string;
                    readonly step: number;
                    readonly at: components["schemas"]["Timestamp"];
                    readonly value: components["schemas"]["LoggedValue"];
                }[];
                readonly files: readonly {
                    readonly path: string;
                    readonly digest: components["schemas"]["Sha256"];
                    readonly bytes: number;
                    readonly content_type: string;
                }[];
            }[];
            readonly logged_models?: readonly {
                readonly id: string;
                readonly experiment: string;
                readonly name: string;
                readonly model_type: string;
                readonly source_run_id: string | null;
                readonly of_version: boolean;
                readonly params: {
                    readonly [key: string]: string;
                };
                readonly tags: {
                    readonly [key: string]: string;
                };
                readonly created_by: string;
                readonly created_at: components["schemas"]["Timestamp"];
                readonly files: readonly {
                    readonly path: string;
                    readonly digest: components["schemas"]["Sha256"];
                    readonly bytes: number;
                    readonly content_type: string;
                }[];
            }[];
            readonly keys: readonly {
                /** @constant */
                readonly kty: "OKP";
                /** @constant */
                readonly crv: "Ed25519";
                readonly x: string;
                readonly kid: string;
                /** @constant */
                readonly alg: "Ed25519";
                /** @constant */
                readonly use: "sig";
            }[];
            readonly contents: readonly {
                readonly digest: components["schemas"]["Sha256"];
                readonly bytes: number;
            }[];
        };
        readonly ModelAsOf: {
            readonly model_name: components["schemas"]["RegisteredModelName"];
            readonly at: components["schemas"]["Timestamp"];
            readonly live: {
                readonly version: components["schemas"]["VersionNumber"];
                readonly since: components["schemas"]["Timestamp"];
                readonly actor: string;
                readonly reason: string;
                readonly decision_id: components["schemas"]["Id"] | null;
            } | null;
            readonly traffic: components["schemas"]["TrafficPlan"] | null;
            readonly aliases: {
                readonly [key: string]: components["schemas"]["VersionNumber"];
            };
            readonly stages: {
                readonly [key: string]: readonly components["schemas"]["VersionNumber"][];
            };
        };
        readonly ModelHistory: {
            readonly items: readonly {
                /** @enum {string} */
                readonly kind: "stage" | "alias";
                readonly version: components["schemas"]["VersionNumber"] | null;
                readonly stage: components["schemas"]["Stage"] | null;
                readonly previous_stage: components["schemas"]["Stage"] | null;
                readonly alias: string | null;
                readonly previous_version: components["schemas"]["VersionNumber"] | null;
                readonly actor: string;
                readonly reason: string;
                readonly decision_id: components["schemas"]["Id"] | null;
                readonly at: components["schemas"]["Timestamp"];
            }[];
            readonly next_cursor: string | null;
        };
        readonly ModelHistoryQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly at?: components["schemas"]["Timestamp"];
            readonly version?: number;
        };
        readonly ModelName: string;
        readonly ModelPage: {
            readonly items: readonly components["schemas"]["Model"][];
            readonly next_cursor: string | null;
        };
        readonly ModelPrediction: {
            readonly prediction_id: components["schemas"]["Id"];
            readonly prediction: number | string | null;
            readonly probability?: components["schemas"]["Share"];
            readonly probabilities?: {
                readonly [key: string]: components["schemas"]["Share"];
            };
            readonly score?: components["schemas"]["Share"];
            readonly threshold?: components["schemas"]["Share"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            readonly latency_ms: number;
            readonly warnings: readonly {
                readonly field: string;
                /** @enum {string} */
                readonly code: "outside-training-range" | "missing" | "unseen-category" | "failover";
                readonly message: string;
            }[];
            readonly receipt?: components["schemas"]["SignedReceipt"];
        };
        readonly ModelSignature: {
            readonly task: components["schemas"]["Task"];
            readonly classes?: readonly string[];
            readonly inputs: readonly components["schemas"]["SignatureInput"][];
            readonly target: string;
            readonly codings: {
                readonly [key: string]: {
                    readonly [key: string]: {
                        readonly [key: string]: number;
                    };
                };
            };
            /** @enum {string} */
            readonly cache?: "on" | "off";
        };
        readonly ModelVersion: {
            readonly id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["RegisteredModelName"];
            readonly version: components["schemas"]["VersionNumber"];
            readonly stage: components["schemas"]["Stage"];
            readonly is_active: boolean;
            readonly algorithm: string;
            readonly framework: string;
            readonly threshold: components["schemas"]["Share"] | null;
            readonly accuracy: number | null;
            readonly f1_score: number | null;
            readonly precision: number | null;
            readonly recall: number | null;
            readonly roc_auc: number | null;
            readonly evaluation: components["schemas"]["Evaluation"] | null;
            readonly parity: components["schemas"]["ParityCertificate"] | null;
            readonly gate: components["schemas"]["GateVerdict"] | null;
            readonly signature: components["schemas"]["ModelSignature"] | null;
            readonly hyperparameters: {
                readonly [key: string]: unknown;
            };
            readonly feature_names: readonly string[];
            readonly artifact_digest: components["schemas"]["Sha256"] | null;
            readonly artifact_bytes: number | null;
            readonly unserved_reason: string | null;
            readonly dataset_digest: components["schemas"]["Sha256"] | null;
            readonly data_origin: components["schemas"]["DataOrigin"] | null;
            readonly training_run_id: components["schemas"]["Id"] | null;
            readonly run_id: components["schemas"]["Id"] | null;
            readonly parent_version: components["schemas"]["VersionNumber"] | null;
            readonly code_version: string;
            readonly reference_profile_digest: components["schemas"]["Sha256"] | null;
            readonly description: string;
            readonly aliases: readonly string[];
            readonly created_by: string;
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly ModelVersionPage: {
            readonly items: readonly components["schemas"]["ModelVersion"][];
            readonly next_cursor: string | null;
        };
        readonly ModelsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly framework?: string;
            readonly algorithm?: string;
            readonly stage?: components["schemas"]["Stage"];
            readonly min_accuracy?: number;
            readonly metric?: string;
            readonly min?: number;
            readonly max?: number;
            readonly alias?: components["schemas"]["AliasName"];
            /** @enum {string} */
            readonly served?: "true" | "false";
            readonly tag?: string;
            readonly text?: string;
        };
        readonly OpenError: {
            readonly error: string;
        };
        readonly OpenInferAnswer: {
            readonly model_name: string;
            readonly model_version: string;
            readonly id?: string;
            readonly parameters: {
                readonly [key: string]: string | number | boolean;
            };
            readonly outputs: readonly {
                readonly name: string;
                readonly shape: readonly number[];
                /** @enum {string} */
                readonly datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP16" | "FP32" | "FP64" | "BYTES";
                readonly parameters?: {
                    readonly [key: string]: string | number | boolean;
                };
                readonly data?: readonly unknown[];
            }[];
        };
        readonly OpenInferRequest: {
            readonly id?: string;
            readonly parameters?: {
                readonly [key: string]: string | number | boolean;
            };
            readonly inputs: readonly {
                readonly name: string;
                readonly shape: readonly number[];
                /** @enum {string} */
                readonly datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP16" | "FP32" | "FP64" | "BYTES";
                readonly parameters?: {
                    readonly [key: string]: string | number | boolean;
                };
                readonly data?: readonly unknown[];
            }[];
            readonly outputs?: readonly {
                readonly name: string;
                readonly parameters?: {
                    readonly [key: string]: string | number | boolean;
                };
            }[];
        };
        readonly OpenLive: {
            readonly live: boolean;
        };
        readonly OpenLoadModel: {
            readonly parameters?: {
                readonly [key: string]: string | number | boolean;
            };
        };
        readonly OpenLogChange: {
            readonly log_info?: boolean;
            readonly log_warning?: boolean;
            readonly log_error?: boolean;
            readonly log_verbose_level?: number;
        };
        readonly OpenLogSettings: {
            readonly log_file: string;
            readonly log_info: boolean;
            readonly log_warning: boolean;
            readonly log_error: boolean;
            readonly log_verbose_level: number;
            readonly log_format: string;
        };
        readonly OpenModel: {
            readonly name: string;
            readonly versions: readonly string[];
            readonly platform: string;
            readonly inputs: readonly {
                readonly name: string;
                /** @enum {string} */
                readonly datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP16" | "FP32" | "FP64" | "BYTES";
                readonly shape: readonly number[];
            }[];
            readonly outputs: readonly {
                readonly name: string;
                /** @enum {string} */
                readonly datatype: "BOOL" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "INT8" | "INT16" | "INT32" | "INT64" | "FP16" | "FP32" | "FP64" | "BYTES";
                readonly shape: readonly number[];
            }[];
        };
        readonly OpenModelConfig: {
            readonly name: string;
            readonly platform: string;
            readonly backend: string;
            readonly version_policy: {
                readonly specific: {
                    readonly versions: readonly number[];
                };
            };
            readonly max_batch_size: number;
            readonly input: readonly {
                readonly name: string;
                /** @enum {string} */
                readonly data_type: "TYPE_FP32" | "TYPE_INT64" | "TYPE_STRING";
                readonly dims: readonly number[];
                readonly reshape?: {
                    readonly shape: readonly number[];
                };
            }[];
            readonly output: readonly {
                readonly name: string;
                /** @enum {string} */
                readonly data_type: "TYPE_FP32" | "TYPE_INT64" | "TYPE_STRING";
                readonly dims: readonly number[];
                readonly reshape?: {
                    readonly shape: readonly number[];
                };
            }[];
            readonly dynamic_batching: {
                readonly preferred_batch_size?: readonly number[];
                readonly max_queue_delay_microseconds: number;
            };
            readonly instance_group: readonly {
                readonly name: string;
                /** @constant */
                readonly kind: "KIND_CPU";
                readonly count: number;
            }[];
            readonly default_model_filename: string;
            readonly parameters: {
                readonly [key: string]: {
                    readonly string_value: string;
                };
            };
        };
        readonly OpenModelReady: {
            readonly name: string;
            readonly ready: boolean;
        };
        readonly OpenModels: {
            readonly models: readonly string[];
        };
        readonly OpenReady: {
            readonly ready: boolean;
        };
        readonly OpenRepositoryIndex: readonly {
            readonly name: string;
            readonly version?: string;
            /** @enum {string} */
            readonly state: "READY" | "LOADING" | "UNAVAILABLE";
            readonly reason: string;
        }[];
        readonly OpenRepositoryQuery: {
            readonly ready?: boolean;
        };
        readonly OpenServer: {
            readonly name: string;
            readonly version: string;
            readonly extensions: readonly string[];
        };
        readonly OpenStatistics: {
            readonly model_stats: readonly {
                readonly name: string;
                readonly version: string;
                readonly last_inference: number;
                readonly inference_count: number;
                readonly execution_count: number;
                readonly inference_stats: {
                    readonly success: {
                        readonly count: number;
                        readonly ns: number;
                    };
                    readonly fail: {
                        readonly count: number;
                        readonly ns: number;
                    };
                    readonly queue: {
                        readonly count: number;
                        readonly ns: number;
                    };
                    readonly compute_input: {
                        readonly count: number;
                        readonly ns: number;
                    };
                    readonly compute_infer: {
                        readonly count: number;
                        readonly ns: number;
                    };
                    readonly compute_output: {
                        readonly count: number;
                        readonly ns: number;
                    };
                    readonly cache_hit: {
                        readonly count: number;
                        readonly ns: number;
                    };
                    readonly cache_miss: {
                        readonly count: number;
                        readonly ns: number;
                    };
                };
                readonly response_stats: Record<string, never>;
                readonly batch_stats: readonly {
                    readonly batch_size: number;
                    readonly compute_input: {
                        readonly count: number;
                        readonly ns: number;
                    };
                    readonly compute_infer: {
                        readonly count: number;
                        readonly ns: number;
                    };
                    readonly compute_output: {
                        readonly count: number;
                        readonly ns: number;
                    };
                }[];
                readonly memory_usage: readonly unknown[];
            }[];
        };
        readonly Outcome: {
            readonly prediction: number;
            readonly probability: number | null;
            readonly class_probabilities: readonly number[];
        };
        readonly Paging: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
        };
        readonly ParityCertificate: {
            readonly rows: number;
            readonly worst_probability_difference: number;
            readonly label_differences: number;
            readonly runtime: string;
        };
        readonly PauseAgent: {
            readonly reason: components["schemas"]["Comment"];
        };
        readonly PerformanceMetric: {
            readonly id: components["schemas"]["Id"];
            readonly assessment_id: components["schemas"]["Id"] | null;
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            readonly metric_name: string;
            readonly metric_value: number;
            readonly low: number | null;
            readonly high: number | null;
            readonly metadata: unknown;
            readonly created_at: components["schemas"]["Timestamp"];
        };
        readonly PerformancePage: {
            readonly items: readonly components["schemas"]["PerformanceMetric"][];
            readonly next_cursor: string | null;
        };
        readonly PerformanceQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly model?: components["schemas"]["ModelName"];
            readonly metric?: string;
        };
        readonly PlannedVersion: {
            readonly id: components["schemas"]["Id"];
            readonly version: components["schemas"]["VersionNumber"];
            readonly algorithm: string;
            readonly artifact_digest: components["schemas"]["Sha256"];
            readonly artifact_bytes: number;
            readonly threshold: components["schemas"]["Share"];
            readonly signature: components["schemas"]["ModelSignature"];
            readonly data_origin: components["schemas"]["DataOrigin"] | null;
            readonly manifest?: components["schemas"]["SignedReceipt"];
        };
        readonly PostAssessment: {
            readonly model: components["schemas"]["ModelName"];
            readonly from?: components["schemas"]["Timestamp"];
            readonly until?: components["schemas"]["Timestamp"];
        };
        readonly PostLabels: {
            readonly labels: readonly {
                readonly prediction_id: components["schemas"]["Id"];
                readonly actual: components["schemas"]["Actual"];
                readonly observed_at?: components["schemas"]["Timestamp"];
            }[];
        };
        readonly PredictBatchRows: {
            readonly batch_prediction_id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly version: components["schemas"]["VersionNumber"];
            readonly threshold: components["schemas"]["Share"];
            readonly first_row: number;
            readonly rows: readonly unknown[];
        };
        readonly PredictQuery: {
            readonly coding?: string;
            /** @enum {string} */
            readonly receipt?: "true" | "false";
        };
        readonly PredictRows: {
            readonly rows: readonly components["schemas"]["Features"][];
            readonly version?: components["schemas"]["VersionNumber"];
        };
        readonly PredictedBatchRows: {
            readonly prediction_ids: readonly (components["schemas"]["Id"] | null)[];
            readonly predictions: readonly (number | string | null)[];
            readonly probabilities: readonly (number | null)[];
            readonly class_probabilities: readonly (readonly number[] | null)[];
            readonly refused: readonly {
                readonly index: number;
                readonly reason: string;
                readonly message: string;
            }[];
        };
        readonly PredictedRows: {
            readonly results: readonly components["schemas"]["ModelPrediction"][];
        };
        readonly Prediction: {
            readonly prediction_id: components["schemas"]["Id"];
            readonly prediction: number;
            readonly probability: components["schemas"]["Share"];
            readonly threshold: components["schemas"]["Share"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            readonly latency_ms: number;
            readonly warnings: readonly {
                readonly field: string;
                /** @enum {string} */
                readonly code: "outside-training-range" | "missing" | "unseen-category" | "failover";
                readonly message: string;
            }[];
            readonly receipt?: components["schemas"]["SignedReceipt"];
        };
        readonly PredictionComparison: {
            readonly model_name: components["schemas"]["RegisteredModelName"];
            readonly versions: readonly [
                components["schemas"]["VersionNumber"],
                components["schemas"]["VersionNumber"]
            ];
            /** @enum {string} */
            readonly sample: "sent" | "logged" | "example";
            readonly compared: number;
            readonly agreed: number;
            readonly difference: {
                readonly mean: number;
                readonly mean_absolute: number;
                readonly worst: number;
            } | null;
            readonly rows: readonly {
                readonly features: components["schemas"]["Features"];
                readonly v1: {
                    readonly outcome: components["schemas"]["Outcome"] | null;
                    readonly refusal: string | null;
                };
                readonly v2: {
                    readonly outcome: components["schemas"]["Outcome"] | null;
                    readonly refusal: string | null;
                };
            }[];
        };
        readonly PredictionWarning: {
            readonly field: string;
            /** @enum {string} */
            readonly code: "outside-training-range" | "missing" | "unseen-category";
            readonly message: string;
        };
        readonly PredictionsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly model?: components["schemas"]["ModelName"];
            readonly version?: number;
            readonly from?: components["schemas"]["Timestamp"];
            readonly until?: components["schemas"]["Timestamp"];
            /** @enum {string} */
            readonly labelled?: "true" | "false";
        };
        readonly Problem: {
            readonly type: string;
            readonly title: string;
            readonly status: number;
            readonly detail: string;
            readonly code: string;
            readonly instance: string;
            readonly errors?: readonly {
                readonly path: string;
                readonly message: string;
            }[];
        };
        readonly PromoteVersion: {
            /** @default production */
            readonly stage: components["schemas"]["Stage"];
            readonly expected_live_version: components["schemas"]["VersionNumber"] | null;
            readonly decision_id: components["schemas"]["Id"];
            readonly reason: components["schemas"]["Reason"];
            /** @default false */
            readonly force: boolean;
        };
        readonly Promotion: {
            readonly decision_id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["RegisteredModelName"];
            /** @enum {string} */
            readonly kind: "promote" | "rollback";
            readonly stage: components["schemas"]["Stage"];
            readonly from_version: components["schemas"]["VersionNumber"] | null;
            readonly to_version: components["schemas"]["VersionNumber"];
            readonly forced: boolean;
            readonly at: components["schemas"]["Timestamp"];
        };
        readonly PromotionPolicy: {
            readonly gate?: {
                readonly f1_min?: components["schemas"]["Share"];
                readonly roc_auc_drop_max?: components["schemas"]["Share"];
                readonly brier_rise_max?: components["schemas"]["Share"];
                readonly parity_max?: components["schemas"]["Share"];
            };
            readonly metrics?: readonly {
                readonly name: string;
                readonly min?: number;
                readonly max?: number;
                readonly drop_max?: number;
                readonly rise_max?: number;
            }[];
            /** @default {} */
            readonly required_tags: {
                readonly [key: string]: string | null;
            };
            /**
             * @default when-trained
             * @enum {string}
             */
            readonly parity: "when-trained" | "required";
            /** @default 0 */
            readonly approvals: number;
            readonly soak?: {
                readonly roles: readonly ("canary" | "shadow" | "ab" | "staging")[];
                readonly minutes: number;
            } | null;
        };
        readonly PromotionPolicyState: {
            readonly model_name: components["schemas"]["RegisteredModelName"];
            readonly revision: number;
            readonly policy: components["schemas"]["PromotionPolicy"];
            readonly updated_by: string | null;
            readonly updated_at: components["schemas"]["Timestamp"] | null;
        };
        readonly PublicKeySet: {
            readonly keys: readonly {
                /** @constant */
                readonly kty: "OKP";
                /** @constant */
                readonly crv: "Ed25519";
                readonly x: string;
                readonly kid: string;
                /** @constant */
                readonly alg: "Ed25519";
                /** @constant */
                readonly use: "sig";
            }[];
        };
        readonly PutAlias: {
            readonly version: components["schemas"]["VersionNumber"];
            readonly reason: components["schemas"]["Reason"];
        };
        readonly PutPromotionPolicy: {
            readonly policy: components["schemas"]["PromotionPolicy"];
            readonly reason: components["schemas"]["Reason"];
        };
        readonly PutRetention: {
            readonly keep_versions: number;
            readonly keep_days: number;
        };
        readonly PutSchedule: {
            readonly cron: string;
            readonly model: components["schemas"]["ModelName"];
            readonly enabled: boolean;
        };
        readonly PutTableDefinition: {
            readonly revision: number;
            readonly definition: components["schemas"]["TableDefinition"];
            /** @default  */
            readonly reason: components["schemas"]["Reason"];
        };
        readonly RaiseAlert: {
            readonly dedup_key: string;
            readonly alert_type: string;
            /** @enum {string} */
            readonly severity: "info" | "warning" | "critical";
            readonly model_name: components["schemas"]["ModelName"] | null;
            readonly title: string;
            readonly message: string;
            readonly decision_id: components["schemas"]["Id"];
        };
        readonly RanAgain: {
            readonly outcome: components["schemas"]["Outcome"];
            readonly input_sha256: components["schemas"]["Sha256"];
            readonly runtime: string;
        };
        readonly Reason: string;
        readonly Receipt: {
            readonly prediction_id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            readonly model_version_id: components["schemas"]["Id"];
            readonly model_sha256: components["schemas"]["Sha256"];
            readonly input_sha256: components["schemas"]["Sha256"];
            readonly prediction: number;
            readonly probability: number | null;
            readonly threshold: number;
            readonly route: components["schemas"]["AnswerRoute"];
            readonly runtime: string;
            readonly options: {
                readonly [key: string]: string | number | boolean;
            };
            readonly issued_at: components["schemas"]["Timestamp"];
        };
        readonly ReconcileMlflow: {
            /** @default false */
            readonly repair: boolean;
            readonly cursor?: string;
        };
        readonly Reconciliation: {
            readonly compared: number;
            readonly missing: readonly {
                /** @enum {string} */
                readonly kind: "experiment" | "run" | "logged-model" | "model" | "model-version" | "aliases";
                readonly id: string;
                readonly name: string;
                readonly detail: string;
            }[];
            readonly differing: readonly {
                /** @enum {string} */
                readonly kind: "experiment" | "run" | "logged-model" | "model" | "model-version" | "aliases";
                readonly id: string;
                readonly name: string;
                readonly detail: string;
            }[];
            readonly unknown: readonly {
                /** @enum {string} */
                readonly kind: "experiment" | "run" | "logged-model" | "model" | "model-version" | "aliases";
                readonly id: string;
                readonly name: string;
                readonly detail: string;
            }[];
            readonly conflicts: readonly {
                /** @enum {string} */
                readonly kind: "experiment" | "run" | "logged-model" | "model" | "model-version" | "aliases";
                readonly id: string;
                readonly name: string;
                readonly detail: string;
            }[];
            readonly repaired: number;
            readonly next_cursor: string | null;
        };
        readonly RegisterVersion: {
            readonly training_run_id: components["schemas"]["Id"] | null;
            readonly decision_id: components["schemas"]["Id"] | null;
            readonly algorithm: string;
            readonly framework: string;
            readonly artifact_digest: components["schemas"]["Sha256"];
            readonly signature: components["schemas"]["ModelSignature"];
            readonly threshold: components["schemas"]["Share"];
            readonly evaluation: components["schemas"]["Evaluation"];
            readonly parity: components["schemas"]["ParityCertificate"] | null;
            readonly hyperparameters: {
                readonly [key: string]: number | string | boolean | null;
            };
            readonly dataset_digest: components["schemas"]["Sha256"] | null;
            readonly data_origin: components["schemas"]["DataOrigin"] | null;
            readonly run_id: components["schemas"]["Id"] | null;
            readonly parent_version: components["schemas"]["VersionNumber"] | null;
            readonly code_version: string;
            readonly reference_profile_digest: components["schemas"]["Sha256"] | null;
            readonly description: string;
        };
        readonly RegisteredModelName: string;
        readonly RegistryStatistics: {
            readonly models: number;
            readonly live_models: number;
            readonly versions: number;
            readonly served_versions: number;
            readonly versions_by_stage: {
                readonly [key: string]: number;
            };
            readonly versions_by_framework: {
                readonly [key: string]: number;
            };
            readonly runs: number;
            readonly storage: {
                readonly model_files: number;
                readonly run_files: number;
                readonly logged_model_files: number;
                readonly datasets: number;
                readonly total: number;
            };
            readonly registrations_per_day: readonly {
                /** Format: date */
                readonly day: string;
                readonly versions: number;
            }[];
        };
        readonly ReplayPrediction: {
            readonly receipt?: components["schemas"]["SignedReceipt"];
        };
        readonly Replayed: {
            readonly prediction_id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly model_version: components["schemas"]["VersionNumber"];
            readonly model_sha256: components["schemas"]["Sha256"];
            readonly input_sha256: components["schemas"]["Sha256"];
            readonly threshold: number;
            readonly runtime: string;
            readonly logged: components["schemas"]["Outcome"];
            readonly replayed: components["schemas"]["Outcome"];
            readonly identical: boolean;
            readonly receipt: {
                readonly authentic: boolean;
                readonly differs: readonly string[];
            } | null;
        };
        readonly ReportsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly model?: components["schemas"]["ModelName"];
        };
        readonly RetentionReport: {
            readonly dry_run: boolean;
            readonly gone: readonly {
                readonly model_name: components["schemas"]["RegisteredModelName"];
                readonly version: components["schemas"]["VersionNumber"];
                readonly created_at: components["schemas"]["Timestamp"];
                readonly artifact_bytes: number | null;
            }[];
            readonly kept: readonly {
                readonly model_name: components["schemas"]["RegisteredModelName"];
                readonly version: components["schemas"]["VersionNumber"];
                readonly reasons: readonly ("newest" | "recent" | "live" | "in-traffic" | "in-traffic-lately" | "alias" | "parent" | "decision" | "predictions" | "monitored" | "agent-action" | "training" | "batch-prediction")[];
            }[];
            readonly failed: readonly {
                readonly model_name: components["schemas"]["RegisteredModelName"];
                readonly reason: string;
            }[];
            readonly cut: boolean;
        };
        readonly RetentionState: {
            readonly model_name: components["schemas"]["RegisteredModelName"];
            /** @enum {string} */
            readonly source: "model" | "configuration" | "none";
            readonly policy: {
                readonly keep_versions: number;
                readonly keep_days: number;
            } | null;
            readonly updated_by: string | null;
            readonly updated_at: components["schemas"]["Timestamp"] | null;
        };
        readonly Retrain: {
            readonly model?: components["schemas"]["ModelName"];
            readonly dataset?: components["schemas"]["ModelName"];
            readonly dataset_version?: components["schemas"]["VersionNumber"];
            readonly parts?: readonly components["schemas"]["ModelName"][];
            /** @default false */
            readonly include_labelled: boolean;
            readonly algorithms?: readonly components["schemas"]["Algorithm"][];
            readonly test_size?: number;
            readonly seed?: number;
            readonly search?: components["schemas"]["Search"];
            readonly reason?: components["schemas"]["Reason"];
            /**
             * @default when-admitted
             * @enum {string}
             */
            readonly promote: "when-admitted" | "never";
        };
        readonly RetrainAccepted: {
            readonly training_run_id: components["schemas"]["Id"];
            readonly status_url: string;
        };
        readonly RetryDeadLetters: {
            /** @enum {string} */
            readonly service: "agent" | "gateway" | "monitoring" | "registry" | "training";
            readonly job_id?: string;
        };
        readonly RetryMlflow: {
            readonly id?: string;
        };
        readonly ReviewVersion: {
            /**
             * @default approved
             * @enum {string}
             */
            readonly verdict: "approved" | "rejected";
            readonly comment: components["schemas"]["Comment"];
        };
        /** @enum {string} */
        readonly Role: "viewer" | "predictor" | "operator" | "approver" | "admin";
        readonly RollbackModel: {
            readonly expected_live_version: components["schemas"]["VersionNumber"];
            readonly decision_id: components["schemas"]["Id"];
            readonly reason: components["schemas"]["Reason"];
            readonly to_version?: components["schemas"]["VersionNumber"];
        };
        readonly RowExplanation: {
            readonly prediction: number | string | null;
            readonly probability?: components["schemas"]["Share"];
            readonly score?: components["schemas"]["Share"];
            readonly explained_class?: string;
            readonly base_value: number;
            readonly contributions: readonly {
                readonly feature: string;
                readonly value: components["schemas"]["FeatureValue"];
                readonly contribution: number;
            }[];
            readonly rest: number;
            readonly sum: number;
        };
        readonly RowFailures: {
            readonly reason: string;
            readonly rows: number;
            readonly examples: readonly {
                readonly row: number;
                readonly message: string;
            }[];
        };
        readonly Run: {
            readonly id: components["schemas"]["Id"];
            readonly experiment_id: components["schemas"]["Id"];
            readonly name: string;
            /** @enum {string} */
            readonly state: "scheduled" | "running" | "finished" | "failed" | "killed";
            readonly parent_run_id: components["schemas"]["Id"] | null;
            readonly params: {
                readonly [key: string]: string;
            };
            readonly metrics: {
                readonly [key: string]: number | "NaN";
            };
            readonly tags: {
                readonly [key: string]: string;
            };
            readonly dataset_digest: string | null;
            readonly artifacts: readonly {
                readonly path: string;
                readonly digest: string;
                readonly bytes: number;
                readonly content_type: string;
            }[];
            readonly started_at: components["schemas"]["Timestamp"];
            readonly ended_at: components["schemas"]["Timestamp"] | null;
        };
        readonly RunAgain: {
            readonly model_name: components["schemas"]["ModelName"];
            readonly version: components["schemas"]["PlannedVersion"];
            readonly threshold: number;
            readonly features: components["schemas"]["Features"];
        };
        readonly RunArtifactQuery: {
            readonly path: string;
        };
        readonly RunPage: {
            readonly items: readonly components["schemas"]["Run"][];
            readonly next_cursor: string | null;
        };
        readonly RunRetention: {
            /** @default true */
            readonly dry_run: boolean;
            readonly model?: components["schemas"]["RegisteredModelName"];
        };
        readonly RunsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly experiment_id?: components["schemas"]["Id"];
            /** @enum {string} */
            readonly state?: "scheduled" | "running" | "finished" | "failed" | "killed";
            readonly name?: string;
        };
        readonly Schedule: {
            readonly name: components["schemas"]["ModelName"];
            readonly cron: string;
            readonly model: components["schemas"]["ModelName"];
            readonly enabled: boolean;
            readonly next_at: components["schemas"]["Timestamp"] | null;
            readonly last_training_run_id: components["schemas"]["Id"] | null;
            readonly updated_at: components["schemas"]["Timestamp"];
        };
        readonly ScoreRows: {
            readonly model_name: components["schemas"]["ModelName"];
            readonly version: components["schemas"]["PlannedVersion"];
            readonly rows: readonly components["schemas"]["Features"][];
        };
        readonly ScoreVersusLive: {
            readonly live_version: components["schemas"]["VersionNumber"];
            readonly slice: string;
            readonly rows: number;
            readonly loss: string;
            readonly candidate: number;
            readonly live: number;
            readonly gain: components["schemas"]["Interval"];
        };
        readonly ScoredRows: {
            readonly rows: readonly {
                readonly outcome: components["schemas"]["Outcome"] | null;
                readonly refusal: string | null;
            }[];
        };
        readonly Search: {
            /** @enum {string} */
            readonly method: "random" | "halving" | "tpe";
            readonly trials: number;
            readonly minutes?: number;
            /** @enum {string} */
            readonly resource?: "rows" | "n_estimators";
            readonly spaces: {
                readonly [key: string]: {
                    readonly [key: string]: components["schemas"]["SearchDimension"];
                };
            };
        };
        readonly SearchDimension: {
            readonly low: number;
            readonly high: number;
            readonly log?: boolean;
            readonly integer?: boolean;
        } | {
            readonly choices: readonly (number | string | boolean)[];
        };
        readonly SearchProgress: {
            readonly metric: string;
            /** @enum {string} */
            readonly better: "higher" | "lower";
            readonly trials: {
                readonly budget: number;
                readonly done: number;
                readonly cut: number;
                readonly failed: number;
            };
            readonly best: {
                readonly algorithm: components["schemas"]["Algorithm"];
                readonly hyperparameters: {
                    readonly [key: string]: unknown;
                };
                readonly score: number;
            } | null;
            readonly seconds: number;
        };
        readonly ServedModelStatistics: {
            readonly model_name: components["schemas"]["ModelName"];
            readonly status: string;
            readonly window_minutes: number;
            readonly prediction_count: number;
            readonly error_count: number;
            readonly error_rate: number;
            readonly latency_ms: {
                readonly p50: number | null;
                readonly p95: number | null;
                readonly p99: number | null;
                readonly mean: number | null;
            };
            readonly versions: readonly {
                readonly version: components["schemas"]["VersionNumber"];
                /** @enum {string} */
                readonly role: "live" | "canary" | "arm" | "shadow" | "standby" | "other";
                readonly prediction_count: number;
                /** @enum {string} */
                readonly circuit_breaker: "closed" | "open" | "half-open";
                readonly mean_confidence: number | null;
                readonly batch_rows: number | null;
                readonly batchable: boolean | null;
                readonly runs_in: ("inline" | "thread" | "process") | null;
                readonly answered: {
                    readonly count: number;
                    readonly mean_ms: number | null;
                };
                readonly failed: {
                    readonly count: number;
                    readonly mean_ms: number | null;
                };
                readonly waiting: {
                    readonly count: number;
                    readonly mean_ms: number | null;
                };
                readonly reading: {
                    readonly count: number;
                    readonly mean_ms: number | null;
                };
                readonly computing: {
                    readonly count: number;
                    readonly mean_ms: number | null;
                };
                readonly deciding: {
                    readonly count: number;
                    readonly mean_ms: number | null;
                };
                readonly runs: {
                    readonly count: number;
                    readonly mean_ms: number | null;
                };
                readonly rows_per_run: number | null;
                readonly cache: {
                    readonly hits: number;
                    readonly misses: number;
                };
                readonly last_prediction_at: components["schemas"]["Timestamp"] | null;
            }[];
        };
        readonly ServedModels: readonly {
            readonly model_name: components["schemas"]["ModelName"];
            readonly live_version: components["schemas"]["VersionNumber"] | null;
            readonly threshold: components["schemas"]["Share"] | null;
            readonly loaded_versions: readonly components["schemas"]["VersionNumber"][];
        }[];
        readonly ServingHealth: {
            /** @enum {string} */
            readonly status: "healthy" | "degraded" | "unhealthy";
            readonly models: {
                readonly [key: string]: {
                    readonly status: string;
                    readonly prediction_count: number;
                    readonly error_rate: number;
                    readonly avg_latency: number;
                };
            };
            readonly cache: {
                readonly [key: string]: {
                    readonly size: number;
                    readonly hits: number;
                    readonly misses: number;
                    readonly hit_rate: number;
                };
            };
        };
        readonly ServingStatistics: {
            readonly window_minutes: number;
            readonly models: {
                readonly [key: string]: {
                    readonly prediction_count: number;
                    readonly error_count: number;
                    readonly error_rate: number;
                    readonly latency_ms: {
                        readonly p50: number | null;
                        readonly p95: number | null;
                        readonly p99: number | null;
                        readonly mean: number | null;
                    };
                    readonly by_version: {
                        readonly [key: string]: number;
                    };
                    readonly versions: {
                        readonly [key: string]: {
                            readonly prediction_count: number;
                            readonly error_count: number;
                            readonly error_rate: number;
                            readonly mean_latency_ms: number | null;
                            readonly mean_confidence: number | null;
                            readonly circuit_breaker: ("closed" | "open" | "half-open") | null;
                        };
                    };
                    /** @enum {string} */
                    readonly circuit_breaker: "closed" | "open" | "half-open";
                };
            };
            readonly cache: {
                readonly size: number;
                readonly hits: number;
                readonly misses: number;
                readonly shared: number;
            };
            readonly spool: {
                readonly waiting_rows: number;
                readonly waiting_bytes: number;
                readonly shipped_rows: number;
            };
        };
        readonly SetTags: {
            readonly tags: {
                readonly [key: string]: string;
            };
        };
        readonly Sha256: string;
        readonly Share: number;
        readonly SignatureInput: {
            readonly name: string;
            /** @enum {string} */
            readonly type: "number" | "boolean" | "category" | "text";
            readonly categories?: readonly string[];
            readonly description: string;
            readonly allowed: readonly number[] | null;
            readonly range: readonly [
                number | null,
                number | null
            ] | null;
            /** @enum {string} */
            readonly missing: "allowed" | "refused";
            readonly training_range: readonly [
                number,
                number
            ] | null;
        };
        readonly SignedManifest: {
            readonly manifest: components["schemas"]["Manifest"];
            readonly signed: components["schemas"]["SignedReceipt"];
            readonly key_id: string;
            readonly signed_by: string;
        };
        readonly SignedReceipt: string;
        /** @enum {string} */
        readonly Stage: "training" | "staging" | "production" | "archived";
        readonly StatisticsQuery: {
            /** @default 60 */
            readonly window_minutes: number;
        };
        readonly StoredArtifact: {
            readonly digest: components["schemas"]["Sha256"];
            readonly bytes: number;
        };
        readonly TableColumn: {
            readonly name: string;
            /** @enum {string} */
            readonly type: "number" | "category" | "boolean" | "text" | "ignored";
            /** @default  */
            readonly description: string;
            readonly unit?: string;
            readonly allowed?: readonly number[];
            readonly categories?: readonly string[];
            readonly range?: readonly [
                number | null,
                number | null
            ];
            /**
             * @default allowed
             * @enum {string}
             */
            readonly missing: "allowed" | "refused";
            /** @default 1 */
            readonly missing_share_max: number;
        };
        readonly TableDefinition: {
            readonly columns: readonly components["schemas"]["TableColumn"][];
            readonly target: components["schemas"]["TableTarget"] | null;
            /** @default null */
            readonly group: string | null;
            /** @default null */
            readonly time: string | null;
            /** @default null */
            readonly weight: string | null;
            /**
             * @default [
             *       "?",
             *       "NA",
             *       "N/A",
             *       "n/a",
             *       "#N/A",
             *       "<NA>",
             *       "NaN",
             *       "nan",
             *       "NULL",
             *       "null",
             *       "None"
             *     ]
             */
            readonly missing_tokens: readonly string[];
            /** @default 1 */
            readonly rows_min: number;
            /** @default 1 */
            readonly duplicate_share_max: number;
        };
        readonly TableForm: {
            /** @enum {string} */
            readonly format: "csv" | "parquet";
            readonly delimiter: ("," | ";" | "\t" | "|") | null;
            readonly decimal: ("." | ",") | null;
            readonly encoding: ("utf-8" | "latin1") | null;
            readonly header: ("present" | "absent") | null;
        };
        readonly TableTarget: {
            readonly column: string;
            readonly task?: components["schemas"]["TableTask"];
            readonly positive_above?: number;
            readonly positive?: string | number | boolean;
            readonly classes?: readonly string[];
            /** @default  */
            readonly description: string;
        };
        /** @enum {string} */
        readonly TableTask: "binary-classification" | "multiclass-classification" | "regression" | "text-classification" | "anomaly-detection";
        /** @enum {string} */
        readonly Task: "binary-classification" | "multiclass-classification" | "regression" | "anomaly-detection" | "text-classification";
        readonly TaskScores: {
            readonly rows: number;
            readonly primary: string;
            /** @enum {string} */
            readonly better: "higher" | "lower";
            readonly constant: number | null;
            readonly values: {
                readonly [key: string]: number | null;
            };
            readonly cross_validation: {
                readonly folds: number;
                readonly mean: number;
                readonly deviation: number | null;
            } | null;
        };
        readonly ThresholdAdjustment: {
            readonly decision_id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly version: components["schemas"]["VersionNumber"];
            readonly from: components["schemas"]["Share"];
            readonly to: components["schemas"]["Share"];
            readonly at: components["schemas"]["Timestamp"];
        };
        /** Format: date-time */
        readonly Timestamp: string;
        readonly TrafficChanges: {
            readonly since: string;
            readonly revision: string;
            readonly models: readonly {
                readonly model_name: components["schemas"]["ModelName"];
                readonly plan: components["schemas"]["TrafficPlan"];
                readonly versions: readonly components["schemas"]["PlannedVersion"][];
                readonly standby?: components["schemas"]["PlannedVersion"] | null;
            }[];
            readonly removed: readonly components["schemas"]["ModelName"][];
            readonly manifest_keys?: readonly {
                /** @constant */
                readonly kty: "OKP";
                /** @constant */
                readonly crv: "Ed25519";
                readonly x: string;
                readonly kid: string;
                /** @constant */
                readonly alg: "Ed25519";
                /** @constant */
                readonly use: "sig";
            }[];
        };
        readonly TrafficDocument: {
            readonly revision: string;
            readonly models: readonly {
                readonly model_name: components["schemas"]["ModelName"];
                readonly plan: components["schemas"]["TrafficPlan"];
                readonly versions: readonly components["schemas"]["PlannedVersion"][];
                readonly standby?: components["schemas"]["PlannedVersion"] | null;
            }[];
            readonly manifest_keys?: readonly {
                /** @constant */
                readonly kty: "OKP";
                /** @constant */
                readonly crv: "Ed25519";
                readonly x: string;
                readonly kid: string;
                /** @constant */
                readonly alg: "Ed25519";
                /** @constant */
                readonly use: "sig";
            }[];
        };
        readonly TrafficPlan: {
            readonly live: components["schemas"]["VersionNumber"] | null;
            readonly canary?: {
                readonly version: components["schemas"]["VersionNumber"];
                readonly percent: number;
            };
            readonly shadow?: readonly components["schemas"]["VersionNumber"][];
            readonly ab?: {
                readonly name: string;
                readonly arms: readonly {
                    readonly version: components["schemas"]["VersionNumber"];
                    readonly weight: components["schemas"]["Share"];
                }[];
            };
        };
        readonly TrafficState: {
            readonly model_name: components["schemas"]["RegisteredModelName"];
            readonly revision: number;
            readonly plan: components["schemas"]["TrafficPlan"];
            readonly updated_at: components["schemas"]["Timestamp"];
        };
        readonly TrainingData: {
            readonly dataset: components["schemas"]["ModelName"];
            readonly parts?: readonly components["schemas"]["ModelName"][];
            readonly version?: components["schemas"]["VersionNumber"];
            readonly labelled_until?: components["schemas"]["Timestamp"];
            readonly recent_from?: components["schemas"]["Timestamp"];
        };
        readonly TrainingRun: {
            readonly id: components["schemas"]["Id"];
            readonly model_name: components["schemas"]["ModelName"];
            readonly state: components["schemas"]["TrainingState"];
            /** @enum {string} */
            readonly stage: "queued" | "loading-data" | "validating-data" | "cross-validating" | "fitting" | "exporting" | "evaluating" | "registering" | "promoting" | "done";
            readonly progress: number;
            readonly attempt: number;
            readonly reason: string;
            readonly requested_by: string;
            readonly decision_id: components["schemas"]["Id"] | null;
            readonly data: components["schemas"]["TrainingData"];
            readonly data_origin: string | null;
            readonly dataset_digest: string | null;
            readonly rows: {
                readonly training: number;
                readonly holdout: number;
                readonly labelled: number;
            } | null;
            readonly expectations: readonly components["schemas"]["ExpectationResult"][];
            readonly warnings: readonly components["schemas"]["TrainingWarning"][];
            readonly candidates: readonly components["schemas"]["Candidate"][];
            readonly search: components["schemas"]["SearchProgress"] | null;
            readonly outcome: {
                readonly version: components["schemas"]["VersionNumber"] | null;
                readonly promoted: boolean;
                readonly refusals: readonly string[];
                readonly gate: components["schemas"]["GateVerdict"] | null;
            } | null;
            readonly error: {
                readonly code: string;
                readonly message: string;
            } | null;
            readonly created_at: components["schemas"]["Timestamp"];
            readonly started_at: components["schemas"]["Timestamp"] | null;
            readonly ended_at: components["schemas"]["Timestamp"] | null;
        };
        readonly TrainingRunPage: {
            readonly items: readonly components["schemas"]["TrainingRun"][];
            readonly next_cursor: string | null;
        };
        readonly TrainingRunsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly model?: components["schemas"]["ModelName"];
            readonly state?: components["schemas"]["TrainingState"];
        };
        /** @enum {string} */
        readonly TrainingState: "queued" | "running" | "succeeded" | "failed" | "cancelled";
        readonly TrainingWarning: {
            readonly code: string;
            readonly column: string | null;
            readonly message: string;
        };
        readonly UpdateRun: {
            /** @enum {string} */
            readonly state: "scheduled" | "running" | "finished" | "failed" | "killed";
            readonly ended_at?: components["schemas"]["Timestamp"];
        };
        readonly UploadArtifact: {
            readonly path: components["schemas"]["ArtifactPath"];
            /** @default application/octet-stream */
            readonly content_type: string;
        };
        readonly UploadBatchPrediction: {
            readonly model: components["schemas"]["ModelName"];
            readonly version?: components["schemas"]["VersionNumber"];
            /** @default [] */
            readonly include: readonly string[];
            /**
             * @default csv
             * @enum {string}
             */
            readonly format: "csv" | "ndjson";
            readonly form?: components["schemas"]["DeclaredForm"];
        };
        readonly UploadDataset: {
            readonly name: components["schemas"]["ModelName"];
            /** @default  */
            readonly description: string;
            readonly target?: string;
            readonly definition?: components["schemas"]["TableDefinition"];
            readonly form?: components["schemas"]["DeclaredForm"];
        };
        readonly UploadVersion: {
            readonly algorithm: string;
            /** @default onnx */
            readonly framework: string;
            readonly signature: components["schemas"]["ModelSignature"];
            /** @default 0.5 */
            readonly threshold: components["schemas"]["Share"];
            readonly evaluation: components["schemas"]["Evaluation"];
            /** @default {} */
            readonly hyperparameters: {
                readonly [key: string]: number | string | boolean | null;
            };
            /** @default null */
            readonly dataset_digest: components["schemas"]["Sha256"] | null;
            /** @default null */
            readonly data_origin: components["schemas"]["DataOrigin"] | null;
            /** @default null */
            readonly run_id: components["schemas"]["Id"] | null;
            readonly artifact_path?: string;
            /** @default null */
            readonly parent_version: components["schemas"]["VersionNumber"] | null;
            /** @default  */
            readonly code_version: string;
            /** @default  */
            readonly description: string;
        };
        readonly V1ExplainRequest: {
            readonly instances?: readonly unknown[];
            readonly inputs?: {
                readonly [key: string]: unknown;
            } | readonly unknown[];
            readonly parameters?: {
                readonly top?: number;
            };
        };
        readonly V1Explanations: {
            readonly predictions: readonly unknown[];
            readonly explanations: readonly {
                readonly explained_class?: string;
                readonly base_value: number;
                readonly contributions: {
                    readonly [key: string]: number;
                };
                readonly rest: number;
                readonly sum: number;
            }[];
            readonly output: string;
            readonly calibration_included: boolean;
            readonly model_version: string;
        };
        readonly V1Predictions: {
            readonly predictions: readonly unknown[];
            readonly prediction_id: string;
        };
        readonly V1Request: {
            readonly instances?: readonly unknown[];
            readonly inputs?: {
                readonly [key: string]: unknown;
            } | readonly unknown[];
            readonly parameters?: {
                /**
                 * @default predict
                 * @enum {string}
                 */
                readonly predict_method?: "predict" | "predict_proba";
            };
        };
        readonly ValidateData: {
            readonly assessment_id: components["schemas"]["Id"];
            readonly decision_id: components["schemas"]["Id"];
        };
        readonly ValueCount: {
            readonly value: string;
            readonly count: number;
        };
        readonly VerifyAuditCopy: {
            readonly entries: readonly components["schemas"]["AuditEntry"][];
        };
        readonly VersionNumber: number;
        readonly VersionParam: number;
        readonly VersionReviews: {
            readonly model_name: components["schemas"]["RegisteredModelName"];
            readonly version: components["schemas"]["VersionNumber"];
            readonly needed: number;
            readonly given: number;
            readonly items: readonly {
                /** @enum {string} */
                readonly verdict: "approved" | "rejected";
                readonly reviewer: string;
                readonly comment: string;
                readonly at: components["schemas"]["Timestamp"];
            }[];
        };
        readonly VersionsQuery: {
            /** @default 50 */
            readonly limit: number;
            readonly cursor?: string;
            readonly framework?: string;
            readonly algorithm?: string;
            readonly stage?: components["schemas"]["Stage"];
            readonly min_accuracy?: number;
            readonly metric?: string;
            readonly min?: number;
            readonly max?: number;
            readonly alias?: components["schemas"]["AliasName"];
            /** @enum {string} */
            readonly served?: "true" | "false";
            readonly tag?: string;
            readonly text?: string;
        };
        readonly VersusLive: {
            readonly live_version: components["schemas"]["VersionNumber"];
            readonly slice: string;
            readonly rows: number;
            readonly candidate: components["schemas"]["Metrics"];
            readonly live: components["schemas"]["Metrics"];
            readonly roc_auc_difference: components["schemas"]["Interval"] | null;
            readonly brier_difference: components["schemas"]["Interval"];
        };
        readonly WebhookDeliveryPage: {
            readonly items: readonly {
                readonly id: components["schemas"]["Id"];
                readonly event: string;
                /** @enum {string} */
                readonly state: "pending" | "delivered" | "refused" | "expired" | "skipped";
                readonly attempts: number;
                readonly status_code: number | null;
                readonly last_error: string | null;
                readonly created_at: components["schemas"]["Timestamp"];
                readonly next_attempt_at: components["schemas"]["Timestamp"] | null;
                readonly finished_at: components["schemas"]["Timestamp"] | null;
            }[];
            readonly next_cursor: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly predict: {
        readonly parameters: {
            readonly query?: {
                readonly coding?: string;
                readonly receipt?: "true" | "false";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["Features"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Prediction"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly predictIntent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["IntentQuery"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Intent"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly predictAnomaly: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["Features"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AnomalyVerdict"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly predictModel: {
        readonly parameters: {
            readonly query?: {
                readonly coding?: string;
                readonly receipt?: "true" | "false";
            };
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PredictRows"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PredictedRows"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly openServer: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenServer"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openLive: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenLive"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openReady: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenReady"];
                };
            };
            /** @description No, or a failure in words */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenReady"] | components["schemas"]["OpenError"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openModels: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModels"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openModel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModel"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModel"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openModelReady: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModelReady"];
                };
            };
            /** @description No, or a failure in words */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModelReady"] | components["schemas"]["OpenError"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openVersionReady: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModelReady"];
                };
            };
            /** @description No, or a failure in words */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModelReady"] | components["schemas"]["OpenError"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openInfer: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["OpenInferRequest"];
                readonly "application/octet-stream": string;
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenInferAnswer"];
                    readonly "application/octet-stream": string;
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openInferVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["OpenInferRequest"];
                readonly "application/octet-stream": string;
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenInferAnswer"];
                    readonly "application/octet-stream": string;
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openModelConfig: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModelConfig"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openVersionConfig: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModelConfig"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openStatistics: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenStatistics"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openModelStatistics: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenStatistics"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openVersionStatistics: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenStatistics"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openRepository: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["OpenRepositoryQuery"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenRepositoryIndex"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openLoad: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["OpenLoadModel"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": Record<string, never>;
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openUnload: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["OpenLoadModel"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": Record<string, never>;
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openLogging: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenLogSettings"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openSetLogging: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["OpenLogChange"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenLogSettings"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly v1Models: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModels"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly v1Model: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModelReady"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly v1Predict: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["V1Request"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["V1Predictions"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly v1Explain: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["V1ExplainRequest"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["V1Explanations"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly v1Version: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenModelReady"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly v1VersionPredict: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["V1Request"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["V1Predictions"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly v1VersionExplain: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["V1ExplainRequest"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["V1Explanations"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly invocations: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["MlflowInvocation"];
                readonly "text/csv": string;
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowPredictions"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowError"];
                };
            };
        };
    };
    readonly ping: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowError"];
                };
            };
        };
    };
    readonly scoringVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowError"];
                };
            };
        };
    };
    readonly modelInvocations: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["MlflowInvocation"];
                readonly "text/csv": string;
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowPredictions"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowError"];
                };
            };
        };
    };
    readonly versionInvocations: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["MlflowInvocation"];
                readonly "text/csv": string;
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowPredictions"];
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowError"];
                };
            };
        };
    };
    readonly modelPing: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowError"];
                };
            };
        };
    };
    readonly modelHealth: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowError"];
                };
            };
        };
    };
    readonly modelScoringVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowError"];
                };
            };
        };
    };
    readonly openInferStream: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["OpenInferRequest"];
            };
        };
        readonly responses: {
            /** @description Server-sent events */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openInferVersionStream: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["OpenInferRequest"];
            };
        };
        readonly responses: {
            /** @description Server-sent events */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly predictModelStream: {
        readonly parameters: {
            readonly query?: {
                readonly coding?: string;
                readonly receipt?: "true" | "false";
            };
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PredictRows"];
            };
        };
        readonly responses: {
            /** @description Server-sent events */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly modelOpenApi: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @constant */
                        readonly openapi: "3.1.0";
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly openModelDocs: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @constant */
                        readonly openapi: "3.1.0";
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly openVersionDocs: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @constant */
                        readonly openapi: "3.1.0";
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description A failure, in words */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenError"];
                };
            };
        };
    };
    readonly retrain: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["Retrain"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RetrainAccepted"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listTrainingRuns: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly model?: string;
                readonly state?: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TrainingRunPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getTrainingRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TrainingRun"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly watchTrainingRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Server-sent events */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly cancelTrainingRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TrainingRun"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PutSchedule"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listExperiments: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly name?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExperimentPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createExperiment: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CreateExperiment"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getExperiment: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CreateRun"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listRuns: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly experiment_id?: string;
                readonly state?: "scheduled" | "running" | "finished" | "failed" | "killed";
                readonly name?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RunPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly updateRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["UpdateRun"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRunArtifact: {
        readonly parameters: {
            readonly query: {
                readonly path: string;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The bytes of a file */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/octet-stream": string;
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly logMetrics: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["LogMetrics"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly metricHistory: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
                readonly key: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MetricHistory"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly logParams: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["LogParams"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly setRunTags: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SetTags"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly logArtifact: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Of a JSON body; a form takes none. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "multipart/form-data": {
                    readonly file: string;
                    readonly metadata: string;
                };
                readonly "application/json": components["schemas"]["LogArtifact"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listModels: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly framework?: string;
                readonly algorithm?: string;
                readonly stage?: "training" | "staging" | "production" | "archived";
                readonly min_accuracy?: number;
                readonly metric?: string;
                readonly min?: number;
                readonly max?: number;
                readonly alias?: string;
                readonly served?: "true" | "false";
                readonly tag?: string;
                readonly text?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getModel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Model"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listVersions: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly framework?: string;
                readonly algorithm?: string;
                readonly stage?: "training" | "staging" | "production" | "archived";
                readonly min_accuracy?: number;
                readonly metric?: string;
                readonly min?: number;
                readonly max?: number;
                readonly alias?: string;
                readonly served?: "true" | "false";
                readonly tag?: string;
                readonly text?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelVersionPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly registerVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Of a JSON body; a form takes none. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "multipart/form-data": {
                    readonly file: string;
                    readonly metadata: string;
                };
                readonly "application/json": components["schemas"]["UploadVersion"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelVersion"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly searchVersions: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly framework?: string;
                readonly algorithm?: string;
                readonly stage?: "training" | "staging" | "production" | "archived";
                readonly min_accuracy?: number;
                readonly metric?: string;
                readonly min?: number;
                readonly max?: number;
                readonly alias?: string;
                readonly served?: "true" | "false";
                readonly tag?: string;
                readonly text?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelVersionPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly registryStatistics: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RegistryStatistics"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelVersion"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getLineage: {
        readonly parameters: {
            readonly query?: {
                readonly direction?: "origins" | "effects" | "both";
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Lineage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getManifest: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignedManifest"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly renewManifest: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignedManifest"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly manifestKeys: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PublicKeySet"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly compareVersions: {
        readonly parameters: {
            readonly query: {
                readonly versions: string;
            };
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly comparePredictions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ComparePredictions"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PredictionComparison"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly promoteVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PromoteVersion"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Promotion"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly rollbackModel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RollbackModel"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Promotion"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAlias: {
        readonly parameters: {
            readonly query?: {
                readonly at?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly alias: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Alias"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putAlias: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly model: string;
                readonly alias: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PutAlias"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Alias"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly aliasHistory: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly alias: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AliasHistory"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getTraffic: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TrafficState"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putTraffic: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["TrafficPlan"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TrafficState"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRetention: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RetentionState"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putRetention: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PutRetention"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RetentionState"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly runRetention: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["RunRetention"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RetentionReport"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly exportModel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The bytes of a file */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/octet-stream": string;
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly importModel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "multipart/form-data": {
                    readonly file: string;
                    readonly metadata: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ImportedModel"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getPromotionPolicy: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PromotionPolicyState"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putPromotionPolicy: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PutPromotionPolicy"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PromotionPolicyState"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listVersionReviews: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["VersionReviews"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly reviewVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ReviewVersion"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["VersionReviews"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly modelHistory: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly at?: string;
                readonly version?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelHistory"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly modelAsOf: {
        readonly parameters: {
            readonly query?: {
                readonly at?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelAsOf"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listDatasets: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DatasetPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly addDataset: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Of a JSON body; a form takes none. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "multipart/form-data": {
                    readonly file: string;
                    readonly metadata: string;
                };
                readonly "application/json": components["schemas"]["ImportDataset"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DatasetVersion"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDataset: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listDatasetVersions: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DatasetVersionPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDatasetVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DatasetVersion"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putTableDefinition: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly name: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PutTableDefinition"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DatasetVersion"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly diffDataset: {
        readonly parameters: {
            readonly query: {
                readonly from: number;
                readonly to: number;
            };
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DatasetDiff"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getExpectations: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExpectationSuite"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putExpectations: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ExpectationSuite"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExpectationSuite"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listWebhookDeliveries: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly webhook: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WebhookDeliveryPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getMlflowHealth: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowHealth"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly reconcileMlflow: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["ReconcileMlflow"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Reconciliation"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listMlflowRefusals: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowRefusals"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly retryMlflow: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["RetryMlflow"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MlflowRetried"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postLabels: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PostLabels"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["LabelsAccepted"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listPredictions: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly model?: string;
                readonly version?: number;
                readonly from?: string;
                readonly until?: string;
                readonly labelled?: "true" | "false";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["LoggedPredictionPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getPrediction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["LoggedPrediction"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly replayPrediction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["ReplayPrediction"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Replayed"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listAssessments: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly model?: string;
                readonly verdict?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["HealthAssessmentPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postAssessment: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PostAssessment"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AssessmentAccepted"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAssessment: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["HealthAssessment"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listDriftReports: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly model?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DriftReportPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDriftReport: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DriftReport"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDriftReportPage: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/html": string;
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listPerformance: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly model?: string;
                readonly metric?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PerformancePage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listDataQualityReports: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly model?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DataQualityReportPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listAlerts: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly status?: "active" | "acknowledged" | "resolved";
                readonly model?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly acknowledgeAlert: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AlertNotes"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Alert"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly resolveAlert: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AlertNotes"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Alert"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listDeadLetters: {
        readonly parameters: {
            readonly query: {
                readonly service: "agent" | "gateway" | "monitoring" | "registry" | "training";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeadLetters"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly retryDeadLetters: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RetryDeadLetters"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeadLettersRetried"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listIncidents: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly model?: string;
                readonly assessment_id?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listActions: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly state?: "proposed" | "approved" | "executing" | "verifying" | "succeeded" | "failed" | "compensated" | "rejected" | "expired" | "superseded" | "dry-run";
                readonly model?: string;
                readonly incident_id?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentActionPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentAction"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly approveAction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Decide"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentAction"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly rejectAction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Decide"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentAction"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAgent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentState"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly pauseAgent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PauseAgent"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentState"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly resumeAgent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PauseAgent"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentState"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listPolicies: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentPolicyPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putPolicy: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AgentPolicy"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentPolicy"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly explainModel: {
        readonly parameters: {
            readonly query?: {
                readonly coding?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ExplainRows"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Explanations"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly resetBreaker: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly model: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BreakerReset"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly servingHealth: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ServingHealth"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly servingStatistics: {
        readonly parameters: {
            readonly query?: {
                readonly window_minutes?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ServingStatistics"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly receiptKeys: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PublicKeySet"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly servedModelStatistics: {
        readonly parameters: {
            readonly query?: {
                readonly window_minutes?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ServedModelStatistics"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listBatchPredictions: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly model?: string;
                readonly state?: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BatchPredictionPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createBatchPrediction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Of a JSON body; a form takes none. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "multipart/form-data": {
                    readonly file: string;
                    readonly metadata: string;
                };
                readonly "application/json": components["schemas"]["CreateBatchPrediction"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BatchPredictionAccepted"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getBatchPrediction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BatchPrediction"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteBatchPrediction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly watchBatchPrediction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Server-sent events */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly cancelBatchPrediction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BatchPrediction"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getBatchPredictionResult: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The bytes of a file */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/octet-stream": string;
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listAudit: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly action?: string;
                readonly subject?: string;
                readonly actor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly verifyAudit: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AuditVerification"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly verifyAuditCopy: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["VerifyAuditCopy"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AuditVerification"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly events: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Server-sent events */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listApiKeys: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ApiKeyPage"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createApiKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CreateApiKey"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly revokeApiKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A failure; `code` says which */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
