"""The policy language of IAM: grammar, matching, conditions, the decision. Knows nothing of SageMaker, formats or files."""
