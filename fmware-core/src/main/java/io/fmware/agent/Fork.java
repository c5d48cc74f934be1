package io.fmware.agent;

import io.fmware.BoundaryKind;
import io.fmware.RunScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Agents that are called at once. The last of them to end crosses the join. Thread-safe. */
final class Fork {
    private final RunScope planner;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<PlacedInvoker> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<String> order = new ArrayList<>();
    private final int branches;

    Fork(RunScope planner, String name, List<String> branches) {
        this.planner = planner;
        this.name = name;
        this.branches = branches.size();
        planner.reserve(BoundaryKind.FORK, name)
                .<List<String>, List<String>>cross(BoundaryKind.FORK, name, branches, names -> names);
    }

    void ended(PlacedInvoker branch) {
        List<String> all = null;
        lock.lock();
        try {
            if (seen.add(branch)) {
                order.add(branch.name());
                all = order.size() == branches ? List.copyOf(order) : null;
            }
        } finally {
            lock.unlock();
        }
        if (all != null) {
            join(all);
        }
    }

    private void join(List<String> ended) {
        planner.reserve(BoundaryKind.JOIN, name)
                .<List<String>, List<String>>cross(BoundaryKind.JOIN, name, List.of(), nothing -> ended);
    }
}
