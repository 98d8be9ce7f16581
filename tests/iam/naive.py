"""A second implementation, for known input only: AWS's flow chart, as plainly as it can be written.

AWS says that a variable without a value "might" make its whole statement invalid. `lenient` is the other reading: only
the element that it stands in matches nothing. Where the two differ, the answer is not known.

It shares nothing with smlint.iam: policies are what `json.loads` returns, patterns become regular expressions, and
every layer is asked in turn. It is slow and knows no unknowns. The fuzz suite compares the two.
"""

import datetime
import ipaddress
import re

ALLOWED, IMPLICIT, EXPLICIT = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"


def decide(request, policies, lenient=False):
    """The decision for a case in the simulator's form."""
    request = {**request, "lenient": lenient}
    who = describe(request["principal"])
    identity = policies.get("identityPolicies", []) if who["own"] else []
    boundaries = policies.get("permissionBoundaryPolicies", []) if who["own"] else []
    session = [policies["sessionPolicy"]] if who["own"] and "sessionPolicy" in policies else []
    scps = [level["policies"] for level in policies.get("serviceControlPolicies", [])] if who["account"] else []
    rcps = [level["policies"] for level in policies.get("resourceControlPolicies", [])]
    if who["linked"]:
        scps, rcps = [], []
    resource, endpoint = policies.get("resourcePolicy"), policies.get("endpointPolicy")
    service = request["action"].split(":")[0].lower()

    # 1. An explicit Deny anywhere.
    plain = identity + boundaries + session + [policy for level in scps for policy in level]
    named = [policy for policy in (resource, endpoint) if policy] + [policy for level in rcps for policy in level]
    if any(applies(s, p, request) and s["Effect"] == "Deny" for p in plain for s in statements(p)):
        return EXPLICIT
    for policy in named:
        for statement in statements(policy):
            if (
                statement["Effect"] == "Deny"
                and applies(statement, policy, request)
                and hit(statement, who, boundaries)
            ):
                return EXPLICIT

    # 2. Guardrails and the endpoint.
    for level in scps:
        if not any(s["Effect"] == "Allow" and applies(s, p, request) for p in level for s in statements(p)):
            return IMPLICIT
    for level in rcps:
        if not any(granted(p, request, who) for p in level):
            return IMPLICIT
    if endpoint and not granted(endpoint, request, who):
        return IMPLICIT

    # 3. The resource policy and the principal's own policies.
    forms = granted(resource, request, who) if resource else set()
    allows = [any(s["Effect"] == "Allow" and applies(s, p, request) for p in identity for s in statements(p))]
    limits = [
        any(s["Effect"] == "Allow" and applies(s, p, request) for p in layer for s in statements(p))
        for layer in (boundaries, session)
        if layer
    ]
    if who["root"]:
        allows = [True]
    if not who["own"] and not who["root"]:
        return ALLOWED if forms else IMPLICIT
    if who["account"] != request["resourceAccount"]:
        return ALLOWED if forms and all(allows + limits) else IMPLICIT
    if "direct" in forms or ("role" in forms and all(limits)):
        return ALLOWED
    if service == "kms":
        said = "account" in forms if resource else True
    elif service == "sts":
        said = "account" in forms
    else:
        said = True
    return ALLOWED if said and all(allows + limits) else IMPLICIT


def describe(principal):
    """Who asks, in the words that the flow chart uses."""
    none = {"own": False, "root": False, "account": None, "linked": False, "arns": set(), "role": None, "service": None}
    if isinstance(principal, dict):
        return {**none, "service": principal.get("name")}
    parts = principal.split(":", 5)
    who = {**none, "account": parts[4], "arns": {principal}}
    if parts[5] == "root":
        return {**who, "root": True, "arns": set()}
    who["own"] = True
    if parts[5].startswith("role/"):
        who["role"], who["arns"] = parts[5].split("/")[-1], set()
        who["linked"] = parts[5].startswith("role/aws-service-role/")
    if parts[5].startswith("assumed-role/"):
        who["role"] = parts[5].split("/")[1]
        who["linked"] = who["role"].startswith("AWSServiceRoleFor")
    return who


def statements(policy):
    found = policy["Statement"]
    return found if isinstance(found, list) else [found]


def listed(value):
    return value if isinstance(value, list) else [value]


def forms_of(principals, who):
    """In which forms a Principal element names who asks."""
    if principals == "*":
        return {"direct"}
    found = set()
    for type_, members in principals.items():
        for member in listed(members):
            if type_ == "Service":
                found |= {"direct"} if member == who["service"] else set()
            elif type_ == "AWS" and member == "*" and who["service"] is None:
                found.add("direct")
            elif type_ == "AWS" and who["account"]:
                found |= forms_of_arn(member, who)
    return found


def forms_of_arn(member, who):
    if member == who["account"] or member == f"arn:aws:iam::{who['account']}:root":
        return {"account"}
    if member in who["arns"]:
        return {"direct"}
    role = re.fullmatch(r"arn:aws:iam::(\d+):role/(?:.*/)?([^/]+)", member)
    return {"role"} if role and role.groups() == (who["account"], who["role"]) else set()


def granted(policy, request, who):
    """The forms in which the Allow statements of a policy with principals name who asks."""
    found = set()
    for statement in statements(policy):
        if statement["Effect"] == "Allow" and applies(statement, policy, request):
            found |= forms_of(statement["Principal"], who)
    return found


def hit(statement, who, boundaries):
    """Whether a Deny means who asks."""
    if "Principal" in statement:
        return bool(forms_of(statement["Principal"], who))
    spared = {"direct", "account"} if who["root"] else {"direct"}
    return bool(boundaries and who["own"]) or not (spared & forms_of(statement["NotPrincipal"], who))


def applies(statement, policy, request):
    """Whether action, resource and conditions of a statement fit the request."""
    variables = policy.get("Version") == "2012-10-17"
    context = {key.lower(): value for key, value in request["context"].items()}
    try:
        return (
            fits(statement, "Action", lambda p: action_fits(p, request["action"]), False)
            and fits(
                statement,
                "Resource",
                lambda p: arn_fits(p, request["resource"], context if variables else None),
                request["lenient"],
            )
            and all(
                condition_holds(operator, key.lower(), listed(values), context, variables, request["lenient"])
                for operator, keys in statement.get("Condition", {}).items()
                for key, values in keys.items()
            )
        )
    except KeyError:  # a variable without a value
        return False


def fits(statement, element, test, lenient):
    if element in statement:
        return any(resolvable(test, listed(statement[element]), lenient))
    if f"Not{element}" in statement:
        return not any(resolvable(test, listed(statement[f"Not{element}"]), False))
    return True


def resolvable(make, values, lenient):
    """What is made of each value; in the lenient reading, without those whose variables have no value."""
    found, missing = [], None
    for value in values:
        try:
            found.append(make(value))
        except KeyError as error:
            missing = error
    if missing and not (lenient and found):
        raise missing
    return found


def action_fits(pattern, action):
    return re.fullmatch(regex(pattern, None), action, re.IGNORECASE | re.DOTALL) is not None


def arn_fits(pattern, arn, context):
    if pattern == "*":
        return True
    guarded = re.sub(r"\$\{[^}]*\}", lambda found: found.group().replace(":", "\0"), pattern)
    ours, theirs = guarded.split(":", 5), arn.split(":", 5)
    if len(ours) != 6 or len(theirs) != 6 or theirs[0] != "arn":
        [regex(part.replace("\0", ":"), context) for part in ours]
        return False
    tests = [
        re.fullmatch(regex(p.replace("\0", ":"), context), t, re.DOTALL) for p, t in zip(ours, theirs, strict=True)
    ]
    return all(tests)


def regex(pattern, context):
    """A wildcard pattern as a regular expression; with a context, its variables are replaced by literal text."""
    found = ""
    for piece in re.split(r"(\$\{[^}]*\}|\*|\?)", pattern):
        if piece == "*":
            found += ".*"
        elif piece == "?":
            found += "."
        elif piece.startswith("${") and context is not None:
            found += re.escape(variable(piece[2:-1], context))
        elif piece.startswith("${"):
            found += regex_of_literal_dollar(piece)
        else:
            found += re.escape(piece)
    return found


def regex_of_literal_dollar(piece):
    return "".join(".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in piece)


def variable(content, context):
    if content in ("*", "?", "$"):
        return content
    key, comma, default = content.partition(",")
    value = context.get(key.strip().lower())
    if isinstance(value, str):
        return value
    if comma and value is None:
        return default.strip().strip("'")
    raise KeyError(key)


def substituted(value, context):
    return re.sub(r"\$\{([^}]*)\}", lambda found: variable(found.group(1), context), value)


def condition_holds(operator, key, values, context, variables, lenient):
    qualifier, _, name = operator.rpartition(":")
    optional = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    have = context.get(key)
    if name == "Null":
        return any((value.lower() == "true") == (have is None) for value in values)
    scope = context if variables else None
    negated = "Not" in name
    tests = resolvable(lambda value: compare(name.replace("Not", ""), value, scope), values, lenient and not negated)
    if have is None:
        return qualifier == "ForAllValues" if qualifier else optional or negated
    if not qualifier and isinstance(have, list) and len(have) > 1:
        return False
    each = [any(test(one) for test in tests) is not negated for one in listed(have)]
    return any(each) if qualifier == "ForAnyValue" else all(each)


def compare(name, value, context):
    """A test of one value of the request against one of the policy."""
    if name in ("StringLike",):
        pattern = regex(value, context)
        return lambda have: re.fullmatch(pattern, have, re.DOTALL) is not None
    if name in ("ArnLike", "ArnEquals"):
        arn_fits(value, "", context)
        return lambda have: arn_fits(value, have, context)
    wanted = value if context is None else substituted(value, context)
    if name == "StringEquals":
        return lambda have: have == wanted
    if name == "StringEqualsIgnoreCase":
        return lambda have: have.lower() == wanted.lower()
    if name == "Bool":
        return lambda have: have.lower() == wanted.lower() and wanted.lower() in ("true", "false")
    if name == "IpAddress":
        return lambda have: ipaddress.ip_address(have) in ipaddress.ip_network(wanted, strict=False)
    read = float if name.startswith("Numeric") else date
    relation = name.removeprefix("Numeric").removeprefix("Date")
    tests = {
        "Equals": lambda a, b: a == b,
        "LessThan": lambda a, b: a < b,
        "LessThanEquals": lambda a, b: a <= b,
        "GreaterThan": lambda a, b: a > b,
        "GreaterThanEquals": lambda a, b: a >= b,
    }
    return lambda have: tests[relation](read(have), read(wanted))


def date(value):
    return float(value) if value.isdigit() else datetime.datetime.fromisoformat(value).timestamp()
