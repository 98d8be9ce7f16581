"""The `Condition` element, evaluated: keys and operators are joined by and, the values of a key by or."""

from __future__ import annotations

from smlint.iam import operators, variables
from smlint.iam.policy import Condition
from smlint.iam.request import Context, Values
from smlint.iam.variables import Unresolved, Variable
from smlint.values import NO, UNKNOWN, YES, Hole, Template, Text, Truth


class Resolver:
    """Gives variables their values in one context, and remembers whether one of them was unknown."""

    __slots__ = ("_context", "guessed")

    def __init__(self, context: Context) -> None:
        self._context = context
        self.guessed = False

    def __call__(self, variable: Variable) -> Text:
        if not self._context.known(variable.key):
            self.guessed = True
            return Template((Hole(f"${{{variable.key}}}"),))
        values = self._context.get(variable.key)
        if values and len(values) == 1:
            return values[0]
        if variable.default is not None and not values:
            return variable.default
        raise Unresolved(variable.key)


class PreparedCondition:
    """One key of one operator, prepared once and evaluated for many requests."""

    __slots__ = ("_complete", "_key", "_known", "_open", "_usage", "condition")

    def __init__(self, condition: Condition, active: bool | None) -> None:
        """active: whether the policy's version knows variables; None where the version is unknown."""
        self.condition = condition
        self._usage = operators.read(condition.operator)
        self._key = condition.key_name
        self._complete = condition.complete
        self._known: list[operators.Matcher] = []
        self._open: list[tuple[variables.Part, ...]] = []
        if self._usage is None:
            return
        operator = self._usage.operator
        for element in condition.values:
            if active is not False and variables.has_variables(element.text):
                parts = variables.parse(element.text, wild=operator.wild)
                self._open.append(parts if active else (Hole("policy version"),))
            else:
                tokens = variables.literal(element.text, wild=operator.wild)
                self._known.append(operator.prepare(tokens))

    def evaluate(self, context: Context) -> Truth:
        """Whether the condition holds. Raises Unresolved where a variable that it needs has no value."""
        usage, key = self._usage, self._key
        if usage is None:
            return UNKNOWN
        if not context.known(key):
            answers = {self.evaluate(context.with_values({key: values})) for values in context.either.get(key, ())}
            return answers.pop() if len(answers) == 1 else UNKNOWN
        values = context.get(key)
        if usage.name == "Null":
            return self._any(self._known, "false" if values else "true")
        matchers = self._known
        if not self._open:
            return self._holds(matchers, values, usage)
        resolver = Resolver(context)
        matchers, missing = list(matchers), None
        for parts in self._open:
            try:
                matchers.append(usage.operator.prepare(variables.resolve(parts, resolver)))
            except Unresolved as unresolved:
                missing = unresolved
        truth = self._holds(matchers, values, usage)
        if missing is not None and (truth is NO or usage.operator.negated or not matchers):
            raise missing
        return truth & UNKNOWN if missing is not None or resolver.guessed else truth

    def _holds(self, matchers: list[operators.Matcher], values: Values | None, usage: operators.Usage) -> Truth:
        if not values:
            if usage.qualifier:
                return Truth.of(usage.qualifier == "ForAllValues")
            return Truth.of(usage.if_exists or usage.operator.negated)
        if usage.qualifier == "ForAllValues":
            answer = YES
            for value in values:
                answer &= self._one(matchers, value, usage)
            return answer
        if usage.qualifier == "ForAnyValue":
            answer = NO
            for value in values:
                answer |= self._one(matchers, value, usage)
            return answer
        return self._one(matchers, values[0], usage) if len(values) == 1 else NO

    def _one(self, matchers: list[operators.Matcher], value: Text, usage: operators.Usage) -> Truth:
        found = self._any(matchers, value)
        return ~found if usage.operator.negated else found

    def _any(self, matchers: list[operators.Matcher], value: Text) -> Truth:
        answer = NO if self._complete else UNKNOWN
        for matcher in matchers:
            found = matcher.match(value)
            if found is YES:
                return YES
            answer |= found
        return answer
