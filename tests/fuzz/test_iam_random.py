"""Random requests: the decision agrees with a naive second implementation, and stays sound when parts are forgotten.

SMLINT_FUZZ says how many cases; the full run is 200,000.
"""

import os

from tests.iam import naive
from tests.iam.random_cases import Cases

from smlint.iam.decision import Decision, decide
from smlint.iam.simulator import read_layers, read_request

COUNT = int(os.environ.get("SMLINT_FUZZ", "5000"))
REFUSED = (Decision.IMPLICITLY_DENIED, Decision.EXPLICITLY_DENIED)


def known(case):
    return decide(read_request(case["request"]), read_layers(case["policies"], case["request"]["action"])).decision


def test_agrees_with_the_naive_implementation():
    cases = Cases(seed=1)
    seen = set()
    for number in range(COUNT):
        case = cases.case()
        readings = {naive.decide(case["request"], case["policies"], lenient) for lenient in (False, True)}
        answer = known(case).value
        seen.add(answer)
        assert answer in readings or (answer == "Unknown" and len(readings) == 2), (number, readings, case)
    assert seen >= {"Allowed", "ImplicitlyDenied", "ExplicitlyDenied"}


def test_forgetting_only_turns_answers_into_unknown():
    cases = Cases(seed=2)
    answered = 0
    for number in range(COUNT):
        case = cases.case()
        request, layers = cases.forgotten(case)
        answer, truth = decide(request, layers).decision, known(case)
        if answer is Decision.UNKNOWN:
            continue
        answered += 1
        same = answer is truth or (answer is Decision.IMPLICITLY_DENIED and truth in REFUSED)
        assert same, (number, answer, truth, request, case)
    assert answered > COUNT / 10
