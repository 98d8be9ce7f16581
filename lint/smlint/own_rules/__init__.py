"""Organisations' own rules: YAML files that ask about the shape of requests, roles, buckets and keys.

One file a rule; the file's name is the rule's name. `.smlint/rules/training-in-vpc.yaml`:

    on: request                        # request, role, bucket or key
    apis: [CreateTrainingJob]          # of requests only; left out: every API
    match: $.ResourceConfig            # the places to look at; left out: the whole thing
    require: VolumeKmsKeyId            # below each place, this must be there …
    pattern: arn:aws:kms:*:key/*       # … and look like this (`*`, `?`); or `equals`: be this, or one of these
    level: error                       # error, warning (default) or note
    message: "the volume has no customer key: {value}"
    fix: set VolumeKmsKeyId to the key of the project
    why: our volumes hold personal data
    source: https://wiki.example.com/ml/encryption
    good: [{ResourceConfig: {VolumeKmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1"}}]
    bad: [{ResourceConfig: {InstanceType: ml.m5.xlarge}}]

`forbid` is the opposite of `require`: nothing may be there, or nothing that is `equals` or like `pattern`. Without
either, `equals` and `pattern` speak of what `match` finds. Paths are JSONPath with names, indices, slices, `*`, `..`.
They are asked of the normal form (`smlint.own_rules.normal`), so a rule is written once for all inputs. What the
repository does not settle is never a finding.

A rule can ask, but not run, import, open or compute anything, so an untrusted pull request may carry it.
"""

from smlint.own_rules.reading import check_rules, load
from smlint.own_rules.rule import OwnRule

__all__ = ["OwnRule", "check_rules", "load"]
