package io.fmware.cost;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Counts of all calls of a meter or of a run, by model, tenant and feature. Bounded. Thread-safe. */
final class Ledger {
    private static final int MOST = 1_000;
    private static final String OTHERS = "others";

    private final Tally total = new Tally();
    private final Parts models = new Parts();
    private final Parts tenants = new Parts();
    private final Parts features = new Parts();

    /** Tallies by name, and one for all names that there is no room for, which no name can be mistaken for. */
    private static final class Parts {
        private final Map<String, Tally> named = new ConcurrentHashMap<>();
        private volatile @Nullable Tally others;
        private final ReentrantLock lock = new ReentrantLock();

        Tally of(String key) {
            Tally known = named.get(key);
            if (known != null) {
                return known;
            }
            return named.size() < MOST - 1 ? named.computeIfAbsent(key, name -> new Tally()) : others();
        }

        private Tally others() {
            lock.lock();
            try {
                Tally made = others == null ? new Tally() : others;
                others = made;
                return made;
            } finally {
                lock.unlock();
            }
        }

        Map<String, CostSummary> summaries() {
            Map<String, CostSummary> all = new TreeMap<>();
            named.forEach((key, tally) -> all.put(key, tally.summary(key, Map.of(), Map.of(), Map.of())));
            Tally rest = others;
            if (rest != null) {
                String name = OTHERS;
                while (all.containsKey(name)) {
                    name = "all " + name;
                }
                all.put(name, rest.summary(name, Map.of(), Map.of(), Map.of()));
            }
            return all;
        }
    }

    void call(Whose whose) {
        total.call();
        models.of(whose.model()).call();
        if (whose.tenant() != null) {
            tenants.of(whose.tenant()).call();
        }
        if (whose.feature() != null) {
            features.of(whose.feature()).call();
        }
    }

    void attempt(Whose whose, Attempt attempt) {
        total.attempt(attempt);
        models.of(whose.model()).attempt(attempt);
        if (whose.tenant() != null) {
            tenants.of(whose.tenant()).attempt(attempt);
        }
        if (whose.feature() != null) {
            features.of(whose.feature()).attempt(attempt);
        }
    }

    void saved(Whose whose, @Nullable Money money) {
        total.saved(money);
        models.of(whose.model()).saved(money);
        if (whose.tenant() != null) {
            tenants.of(whose.tenant()).saved(money);
        }
        if (whose.feature() != null) {
            features.of(whose.feature()).saved(money);
        }
    }

    void acted(String action) {
        total.acted(action);
    }

    void notSent(String interceptor, @Nullable Money money) {
        total.notSent(interceptor, money);
    }

    CostSummary summary(String of) {
        return total.summary(of, models.summaries(), tenants.summaries(), features.summaries());
    }
}
