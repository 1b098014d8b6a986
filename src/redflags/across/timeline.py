"""Groups through time: parts of a graph that grow together and fall apart again."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from redflags.across.edges import Edge
from redflags.across.known import ALWAYS, NEVER, Known


class Timeline:
    """The groups of nodes that are ever connected, from day to day.

    ``adjacent`` has the edges of each node; ``fresh`` gives a label that nobody has.
    """

    def __init__(
        self,
        known: Known,
        nodes: Sequence[int],
        adjacent: Mapping[int, Sequence[Edge]],
        fresh: Callable[[], int],
    ) -> None:
        self._known = known
        self._edges = adjacent
        self._fresh = fresh
        self._nodes = nodes
        self._label = {node: node for node in nodes}
        self._members = {node: {node} for node in nodes}
        self._weight = dict.fromkeys(nodes, 0)
        self._adjacent: dict[int, Counter[int]] = {node: Counter() for node in nodes}
        self._changes: dict[int, tuple[list[int], list[int]]] = {}

    def run(self) -> tuple[dict[int, int], dict[int, tuple[list[int], list[int]]]]:
        """The last label of each node, and the days and labels of those that have several."""
        known = self._known
        events: dict[int, tuple[list[Edge], list[Edge], list[int]]] = {}
        for node in self._nodes:
            events.setdefault(known.first[node], ([], [], []))[2].append(node)
            for edge in self._edges[node]:
                if edge.one == node:
                    events.setdefault(edge.start, ([], [], []))[0].append(edge)
                    if edge.end < NEVER:
                        events.setdefault(edge.end, ([], [], []))[1].append(edge)
        for day in sorted(events):
            joined, parted, born = events[day]
            for edge in joined:
                self._join(edge.one, edge.other, day)
            for edge in parted:
                self._part(edge.one, edge.other, day)
            for node in born:
                self._weight[self._label[node]] += 1 + known.uses[node]
        return self._label, {
            node: history for node, history in self._changes.items() if len(history[0]) > 1
        }

    def _move(self, nodes: Iterable[int], label: int, day: int) -> None:
        first = self._known.first
        for node in nodes:
            old = self._label[node]
            self._label[node] = label
            if first[node] >= day:  # nothing was asked of it before
                self._changes[node] = ([ALWAYS], [label])
                continue
            history = self._changes.get(node)
            if history is None:
                history = self._changes[node] = ([ALWAYS], [old])
            days, labels = history
            if days[-1] == day:
                days.pop()
                labels.pop()
            if not labels or labels[-1] != label:
                days.append(day)
                labels.append(label)

    def _join(self, one: int, other: int, day: int) -> None:
        self._adjacent[one][other] += 1
        self._adjacent[other][one] += 1
        a, b = self._label[one], self._label[other]
        if a == b:
            return
        if (self._weight[a], len(self._members[a])) < (self._weight[b], len(self._members[b])):
            a, b = b, a
        moved = self._members.pop(b)
        self._move(moved, a, day)
        self._members[a] |= moved
        self._weight[a] += self._weight.pop(b)

    def _part(self, one: int, other: int, day: int) -> None:
        for here, there in ((one, other), (other, one)):
            self._adjacent[here][there] -= 1
            if not self._adjacent[here][there]:
                del self._adjacent[here][there]
        if other in self._adjacent[one]:
            return
        separate = self._smaller_side(one, other)
        if separate is None:
            return
        known, label = self._known, self._fresh()
        old = self._label[one]
        self._members[old] -= separate
        self._members[label] = separate
        weight = sum(1 + known.uses[node] for node in separate if known.first[node] < day)
        self._weight[old] -= weight
        self._weight[label] = weight
        self._move(separate, label, day)

    def _smaller_side(self, one: int, other: int) -> set[int] | None:
        """The nodes on the side of one of two ends that is exhausted first; None if the ends are
        still connected. The search goes on from both ends in turn, so it costs no more than twice
        the smaller side."""
        sides = ({one}, {other})
        fronts = (deque([one]), deque([other]))
        while True:
            for here, there in ((0, 1), (1, 0)):
                if not fronts[here]:
                    return sides[here]
                node = fronts[here].popleft()
                for near in self._adjacent[node]:
                    if near in sides[there]:
                        return None
                    if near not in sides[here]:
                        sides[here].add(near)
                        fronts[here].append(near)
