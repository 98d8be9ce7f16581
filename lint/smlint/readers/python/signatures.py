"""The classes of the SageMaker SDK whose objects make requests, and what their positional arguments are called."""

from __future__ import annotations

from collections.abc import Iterable

_TRAINING = (
    "role instance_count instance_type keep_alive_period_in_seconds volume_size volume_kms_key max_run input_mode "
    "output_path output_kms_key base_job_name sagemaker_session"
)
_SIZE = "volume_size_in_gb volume_kms_key output_kms_key"
_JOB = "max_runtime_in_seconds base_job_name sagemaker_session env tags network_config"
_MODEL = "model_data role entry_point framework_version py_version image_uri"
_SPARK = f"role instance_type instance_count framework_version py_version container_version image_uri {_SIZE}"
_FRAMEWORK_PROCESSOR = f"role instance_count instance_type py_version image_uri command {_SIZE} code_location {_JOB}"
_TRANSFORMER = "instance_count instance_type strategy assemble_with output_path output_kms_key accept"

ALGORITHMS = frozenset(
    {
        "KMeans",
        "PCA",
        "LinearLearner",
        "RandomCutForest",
        "FactorizationMachines",
        "IPInsights",
        "KNN",
        "NTM",
        "LDA",
        "Object2Vec",
    }
)
FRAMEWORKS = frozenset(
    {"Framework", "PyTorch", "TensorFlow", "SKLearn", "XGBoost", "HuggingFace", "MXNet", "Chainer", "RLEstimator"}
)
ESTIMATORS = ALGORITHMS | FRAMEWORKS | {"EstimatorBase", "Estimator", "AlgorithmEstimator", "JumpStartEstimator"}
SPARK_PROCESSORS = frozenset({"PySparkProcessor", "SparkJarProcessor"})
FRAMEWORK_PROCESSORS = frozenset(
    {
        "FrameworkProcessor",
        "PyTorchProcessor",
        "TensorFlowProcessor",
        "HuggingFaceProcessor",
        "MXNetProcessor",
        "XGBoostProcessor",
    }
)
PROCESSORS = (
    FRAMEWORK_PROCESSORS
    | SPARK_PROCESSORS
    | {"Processor", "ScriptProcessor", "SKLearnProcessor", "SageMakerClarifyProcessor"}
)
# Of these the SDK repacks the artefact with the entry point and uploads it anew.
REPACKING_MODELS = frozenset({"PyTorchModel", "TensorFlowModel", "MXNetModel", "HuggingFaceModel"})
DJL_MODELS = frozenset({"DJLModel", "HuggingFaceAccelerateModel", "DeepSpeedModel", "FasterTransformerModel"})
MODELS = REPACKING_MODELS | {
    "Model",
    "FrameworkModel",
    "SKLearnModel",
    "XGBoostModel",
    "ChainerModel",
    "MultiDataModel",
    "PipelineModel",
    "ModelPackage",
    "JumpStartModel",
    "ModelBuilder",
    *DJL_MODELS,
    *(f"{algorithm}Model" for algorithm in ALGORITHMS),
}
MONITORS = frozenset(
    {"ModelMonitor", "DefaultModelMonitor", "ModelQualityMonitor", "ModelBiasMonitor", "ModelExplainabilityMonitor"}
)

STEPS = frozenset(
    {"TrainingStep", "ProcessingStep", "TransformStep", "TuningStep", "CreateModelStep", "NotebookJobStep"}
)

_POSITIONS = {
    "EstimatorBase": _TRAINING,
    "Estimator": f"image_uri {_TRAINING}",
    "AlgorithmEstimator": (
        "algorithm_arn role instance_count instance_type volume_size volume_kms_key max_run input_mode output_path "
        "output_kms_key base_job_name sagemaker_session"
    ),
    "JumpStartEstimator": (
        "model_id model_version hub_name tolerate_vulnerable_model tolerate_deprecated_model region image_uri "
        + _TRAINING
    ),
    "Framework": "entry_point source_dir hyperparameters container_log_level code_location image_uri dependencies",
    "PyTorch": "entry_point framework_version py_version source_dir hyperparameters image_uri",
    "TensorFlow": "py_version framework_version model_dir image_uri",
    "SKLearn": "entry_point framework_version py_version source_dir hyperparameters image_uri",
    "XGBoost": "entry_point framework_version source_dir hyperparameters py_version image_uri",
    "HuggingFace": "py_version entry_point transformers_version tensorflow_version pytorch_version source_dir",
    "MXNet": "entry_point framework_version py_version source_dir hyperparameters image_uri",
    "Chainer": "entry_point use_mpi num_processes process_slots_per_host additional_mpi_options source_dir",
    "RLEstimator": "entry_point toolkit toolkit_version framework source_dir hyperparameters image_uri",
    "LDA": "role instance_type",
    **dict.fromkeys(ALGORITHMS - {"LDA"}, "role instance_count instance_type"),
    "TrainingInput": (
        "s3_data distribution compression content_type record_wrapping s3_data_type instance_groups input_mode"
    ),
    "s3_input": "s3_data distribution compression content_type record_wrapping s3_data_type input_mode",
    "FileSystemInput": "file_system_id file_system_type directory_path file_system_access_mode content_type",
    "InstanceGroup": "instance_group_name instance_type instance_count",
    "DebuggerHookConfig": "s3_output_path",
    "ProfilerConfig": "s3_output_path",
    "TensorBoardOutputConfig": "s3_output_path container_local_output_path",
    "HyperparameterTuner": "estimator objective_metric_name hyperparameter_ranges metric_definitions strategy",
    "Processor": f"role image_uri instance_count instance_type entrypoint {_SIZE} {_JOB}",
    "ScriptProcessor": f"role image_uri command instance_count instance_type {_SIZE} {_JOB}",
    "SKLearnProcessor": f"framework_version role instance_count instance_type command {_SIZE} {_JOB}",
    "FrameworkProcessor": f"estimator_cls framework_version {_FRAMEWORK_PROCESSOR}",
    "HuggingFaceProcessor": (
        "role instance_count instance_type transformers_version tensorflow_version pytorch_version py_version "
        f"image_uri command {_SIZE} code_location {_JOB}"
    ),
    **dict.fromkeys(
        FRAMEWORK_PROCESSORS - {"FrameworkProcessor", "HuggingFaceProcessor"},
        f"framework_version {_FRAMEWORK_PROCESSOR}",
    ),
    "PySparkProcessor": _SPARK,
    "SparkJarProcessor": _SPARK,
    "SageMakerClarifyProcessor": f"role instance_count instance_type {_SIZE}",
    "ProcessingInput": "source destination input_name s3_data_type s3_input_mode",
    "ProcessingOutput": "source destination output_name s3_upload_mode app_managed feature_store_output",
    "NetworkConfig": "enable_network_isolation security_group_ids subnets encrypt_inter_container_traffic",
    "DataConfig": "s3_data_input_path s3_output_path s3_analysis_config_output_path",
    "Model": "image_uri model_data role predictor_cls env name vpc_config sagemaker_session enable_network_isolation",
    "FrameworkModel": "model_data image_uri role entry_point source_dir",
    "TensorFlowModel": "model_data role entry_point image_uri framework_version",
    "XGBoostModel": "model_data role entry_point framework_version image_uri",
    "HuggingFaceModel": "role model_data entry_point",
    **dict.fromkeys(("PyTorchModel", "SKLearnModel", "MXNetModel", "ChainerModel"), _MODEL),
    **{f"{algorithm}Model": "model_data role sagemaker_session" for algorithm in ALGORITHMS},
    "MultiDataModel": "name model_data_prefix model image_uri role sagemaker_session",
    "PipelineModel": "models role predictor_cls name vpc_config sagemaker_session enable_network_isolation",
    "ModelPackage": "role model_data algorithm_arn model_package_arn",
    **dict.fromkeys(DJL_MODELS, "model_id role"),
    "JumpStartModel": "model_id model_version",
    "Transformer": f"model_name {_TRANSFORMER}",
    "AsyncInferenceConfig": "output_path max_concurrent_invocations_per_instance kms_key_id",
    "DataCaptureConfig": "enable_capture sampling_percentage destination_s3_uri kms_key_id",
    "AutoML": (
        "role target_attribute_name output_kms_key output_path base_job_name compression_type sagemaker_session "
        "volume_kms_key encrypt_inter_container_traffic vpc_config"
    ),
    "AutoMLInput": "inputs target_attribute_name compression channel_type content_type s3_data_type",
    "ModelMonitor": f"role image_uri instance_count instance_type entrypoint {_SIZE} {_JOB}",
    **dict.fromkeys(MONITORS - {"ModelMonitor"}, f"role instance_count instance_type {_SIZE} {_JOB}"),
    "EndpointInput": "endpoint_name destination",
    "BatchTransformInput": "data_captured_destination_s3_uri destination",
    "MonitoringOutput": "source destination",
    "FeatureGroup": "name sagemaker_session feature_definitions",
    "Pipeline": "name parameters pipeline_experiment_config steps",
    "TrainingStep": "name step_args estimator display_name description inputs",
    "ProcessingStep": "name step_args processor display_name description inputs outputs job_arguments code",
    "TransformStep": "name step_args transformer inputs",
    "TuningStep": "name step_args tuner display_name description inputs",
    "CreateModelStep": "name step_args model inputs",
    "TransformInput": "data data_type content_type",
    "Session": (
        "boto_session sagemaker_client sagemaker_runtime_client sagemaker_featurestore_runtime_client default_bucket"
    ),
    "PipelineSession": "boto_session sagemaker_client default_bucket",
    "ParameterString": "name default_value",
    "ParameterInteger": "name default_value",
    "ParameterFloat": "name default_value",
    "ParameterBoolean": "name default_value",
    "Join": "on values",
}
# Methods, "Class.method": what a family's classes share stands under the family's first class.
_METHODS = {
    "fit": "inputs wait logs job_name",
    "deploy": "initial_instance_count instance_type",
    "transformer": _TRANSFORMER,
    "compile": "target_instance_family input_shape output_path role",
    "transform": "data data_type content_type",
    "upload_data": "path bucket key_prefix",
    "Processor.run": "inputs outputs arguments",
    "ScriptProcessor.run": "code inputs outputs arguments",
    "FrameworkProcessor.run": "code source_dir dependencies git_config inputs outputs arguments",
    "PySparkProcessor.run": "submit_app submit_py_files submit_jars submit_files inputs outputs arguments",
    "SparkJarProcessor.run": "submit_app submit_class submit_jars submit_files inputs outputs arguments",
    "FeatureGroup.create": "s3_uri record_identifier_name event_time_feature_name role_arn online_store_kms_key_id",
    "Pipeline.create": "role_arn",
    "Pipeline.upsert": "role_arn",
    "ModelMonitor.create_monitoring_schedule": "endpoint_input output statistics constraints",
    "create_monitoring_schedule": "endpoint_input",
    "suggest_baseline": (
        "baseline_dataset dataset_format record_preprocessor_script post_analytics_processor_script output_s3_uri"
    ),
    "run_pre_training_bias": "data_config",
    "run_post_training_bias": "data_config",
    "run_bias": "data_config",
    "run_explainability": "data_config",
    "run_bias_and_explainability": "data_config",
}
# What version 1 called the arguments.
RENAMED = {
    "image_name": "image_uri",
    "image": "image_uri",
    "train_instance_count": "instance_count",
    "train_instance_type": "instance_type",
    "train_volume_size": "volume_size",
    "train_volume_kms_key": "volume_kms_key",
    "train_use_spot_instances": "use_spot_instances",
}


def positions(cls: str) -> list[str]:
    """The names of a class's positional arguments; empty for a class that is not known."""
    return _POSITIONS.get(cls, "").split()


def method_positions(cls: str, method: str) -> list[str]:
    """The names of a method's positional arguments."""
    return next((_METHODS[name].split() for name in _method_names(cls, method) if name in _METHODS), [])


def _method_names(cls: str, method: str) -> Iterable[str]:
    yield f"{cls}.{method}"
    if cls in FRAMEWORK_PROCESSORS:
        yield f"FrameworkProcessor.{method}"
    elif cls == "SKLearnProcessor":
        yield f"ScriptProcessor.{method}"
    yield method
