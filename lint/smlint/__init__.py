"""smlint finds, before the deployment, why a SageMaker workload will be refused."""

__version__ = "0.1.0"
