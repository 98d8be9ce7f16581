"""The policy language of IAM: grammar, matching, conditions, the decision. Knows no SageMaker, formats or files."""
