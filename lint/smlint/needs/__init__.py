"""What a SageMaker request will do with its execution role: the fact table, and its evaluation."""
