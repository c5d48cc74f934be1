package io.fmware.cost;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Counts of one kind of calls. Thread-safe. */
final class Tally {
    private static final int MOST_ACTIONS = 1_000;
    private static final String OTHERS = "others"; // no action: these have a colon

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Long> actions = new TreeMap<>();
    private final Map<String, Cost> notSent = new TreeMap<>();
    private long calls;
    private long attempts;
    private long failed;
    private long tokensIn;
    private long tokensCached;
    private long tokensOut;
    private long charactersIn;
    private long charactersOut;
    private long cost;
    private long unknown;
    private long answersSaved;
    private long saved;
    private long savedUnknown;

    void call() {
        lock.lock();
        try {
            calls++;
        } finally {
            lock.unlock();
        }
    }

    void attempt(Attempt attempt) {
        lock.lock();
        try {
            attempts++;
            failed += attempt.failed() ? 1 : 0;
            charactersIn = Saturating.plus(charactersIn, attempt.charactersIn());
            charactersOut = Saturating.plus(charactersOut, attempt.charactersOut());
            Usage usage = attempt.usage();
            if (usage != null) {
                tokensIn = Saturating.plus(tokensIn, usage.input());
                tokensCached = Saturating.plus(tokensCached, usage.cached());
                tokensOut = Saturating.plus(tokensOut, usage.output());
            }
            Money money = attempt.cost();
            if (money == null) {
                unknown++;
            } else {
                cost = Saturating.plus(cost, money.picodollars());
            }
        } finally {
            lock.unlock();
        }
    }

    void saved(@Nullable Money money) {
        lock.lock();
        try {
            answersSaved++;
            if (money == null) {
                savedUnknown++;
            } else {
                saved = Saturating.plus(saved, money.picodollars());
            }
        } finally {
            lock.unlock();
        }
    }

    void acted(String action) {
        lock.lock();
        try {
            boolean fits = actions.size() < MOST_ACTIONS - 1 || actions.containsKey(action);
            actions.merge(fits ? action : OTHERS, 1L, Long::sum);
        } finally {
            lock.unlock();
        }
    }

    void notSent(String interceptor, @Nullable Money money) {
        Cost cost = money == null ? new Cost(Money.ZERO, 1) : new Cost(money, 0);
        lock.lock();
        try {
            boolean fits = notSent.size() < MOST_ACTIONS - 1 || notSent.containsKey(interceptor);
            notSent.merge(fits ? interceptor : OTHERS, cost, Cost::plus);
        } finally {
            lock.unlock();
        }
    }

    CostSummary summary(
            String of,
            Map<String, CostSummary> models,
            Map<String, CostSummary> tenants,
            Map<String, CostSummary> features) {
        lock.lock();
        try {
            return new CostSummary(
                    of,
                    new long[] {
                        calls,
                        attempts,
                        failed,
                        tokensIn,
                        tokensCached,
                        tokensOut,
                        charactersIn,
                        charactersOut,
                        answersSaved
                    },
                    new Cost(Money.ofPicodollars(cost), unknown),
                    new Cost(Money.ofPicodollars(saved), savedUnknown),
                    Map.copyOf(actions),
                    Map.copyOf(notSent),
                    models,
                    tenants,
                    features);
        } finally {
            lock.unlock();
        }
    }
}
